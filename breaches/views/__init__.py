"""The pages of the staff, one file per noun."""
