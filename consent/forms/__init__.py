"""The forms of consent, by noun. They parse and bound what was typed."""
