"""The demo practice: invented people whose year of counseling is told through the same actions that staff use."""
