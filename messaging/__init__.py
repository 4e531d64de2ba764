"""Secure threads between a client and their care team, what leaves the house to a client, and what was said outside the portal."""
