"""The person: identity, how to reach them safely, who represents them, and who may open what (the care team)."""
