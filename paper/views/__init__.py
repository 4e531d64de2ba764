"""The pages of paper, one file per noun."""
