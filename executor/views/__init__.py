"""The pages of this room, one file per noun. Each is a function behind a door."""
