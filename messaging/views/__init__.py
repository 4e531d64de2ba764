"""The pages of the staff, one file per noun. Each is a function behind a door."""
