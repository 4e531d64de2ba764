"""The tables of the room: threads and their messages, what leaves the house, what was said outside of it."""
