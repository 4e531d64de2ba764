"""Deliberately broken: a web whose list of staff opens to everybody. Whoever asks each page as each person must see it."""

from __future__ import annotations

from config.wsgi import application
from tests.proofs.mutants.doors import mutants

__all__ = ["application"]

next(each for each in mutants() if each.name == "door staff_list: opens to everybody").apply()
