"""Upkeep: copies of the house that can be put back, and how its machinery stands. Numbers of the machine, nothing of a client."""
