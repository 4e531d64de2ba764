"""The practice's pages, one file per noun."""
