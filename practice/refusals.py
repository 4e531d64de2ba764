"""When a rule says no: the act is undone, the attempt is on the trail (the door does both), and the page says which and why."""

from __future__ import annotations


class Refused(Exception):
    """A rule says no. ``rule`` is its id in the rulebook, ``words`` say why, ``todo`` what to do instead."""

    def __init__(self, rule: str, words: str, todo: str = "") -> None:
        super().__init__(words)
        self.rule = rule
        self.words = words
        self.todo = todo
