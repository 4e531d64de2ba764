"""The states of the United States and their postal codes, from the list beside this file."""

from __future__ import annotations

from pathlib import Path

_FILE = Path(__file__).with_name("us_states.txt")
STATES = [(line[:2], line[3:]) for line in _FILE.read_text().splitlines()]
