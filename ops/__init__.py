"""The boiler room: starts, watches and stops what the house runs on. Not a Django app and knows no room."""
