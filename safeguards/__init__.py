"""Safeguards that are lists: who was trained, what came of violations, vendors with agreements, devices (SE-14, SE-15, SE-18, SE-19)."""
