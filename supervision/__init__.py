"""Supervision and consultation: so far, a de-identified view of some notes for a colleague."""
