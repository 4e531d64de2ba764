"""Breaches: from a one-minute report to a closed file."""
