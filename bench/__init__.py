"""`make bench`: how fast the house is, as ratios against bare views on the same server. Not in the product, not in the test suite."""
