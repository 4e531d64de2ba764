"""The one error of this package."""


class Refusal(Exception):
    """A start that must not go on. The message is for the person at the keyboard and carries no secret."""
