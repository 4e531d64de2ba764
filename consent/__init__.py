"""Consent: forms and their versions, asking, questions, signatures, declining and withdrawing, with evidence of each."""
