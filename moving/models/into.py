"""Moving in: a file somebody brought, its rows that were wrong, and what came of it. The file is its bringer's alone, until it is gone."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from audit import clock
from vault.fields import SealedBytes, SealedJSON, SealedModel, SealedText
from vault.gate import PRACTICE
from vault.keys import Keyhole

OWN = "account"  # a key of the practice: nobody of the file is a client yet. Row-level security keeps it to its bringer


class MoveIn(SealedModel):
    """One file. It goes on where it stopped: ``done`` rows of ``total`` are settled."""

    class Kind(models.TextChoices):
        CLIENTS = "clients", "clients"
        CONTACTS = "contacts", "contact points"
        SESSIONS = "sessions", "sessions"
        NOTES = "notes", "notes"
        CHARTS = "charts", "PDF charts, in a zip"
        BUNDLE = "bundle", "a bundle of Sub Rosa"

    class State(models.TextChoices):
        COMING = "coming", "being sent"
        MAPPING = "", "columns are to be chosen"
        READY = "ready", "looked through"
        RUNNING = "running", "being brought in"
        DONE = "done", "brought in"
        STOPPED = "stopped", "stopped"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    system = models.CharField(max_length=20)  # a key of moving/law/systems.toml: where the file comes from
    as_drafts = models.BooleanField(default=False)  # notes become drafts of their bringer, who chose so
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField(default=clock.now)
    about = SealedJSON()  # name and size of the file, how it is written, heads, columns, days; parts of a zip
    state = models.CharField(max_length=7, choices=State.choices, blank=True, default="")
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)  # rows that were here already: nothing is made twice
    wrong = models.PositiveIntegerField(default=0)
    until = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)  # when file and wrong rows were destroyed

    class Meta:
        indexes = [models.Index(fields=["brought_by", "-brought_at"])]
        constraints = [models.CheckConstraint(condition=models.Q(done__lte=models.F("total")), name="no_more_rows_than_there_are")]

    class Privacy:
        open = [
            "id", "version", "kind", "system", "as_drafts", "brought_by", "brought_at", "state", "total", "done", "made", "known", "wrong",
            "until", "gone_at",
        ]  # fmt: skip
        sealed = ["about"]

    def __str__(self) -> str:
        return f"move in {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, OWN)

    @property
    def is_over(self) -> bool:
        """Whether nothing more is brought in of it."""
        return self.state in (self.State.DONE, self.State.STOPPED)


class MoveInPiece(SealedModel):
    """A piece of the file."""

    move = models.ForeignKey(MoveIn, on_delete=models.PROTECT, related_name="pieces")
    position = models.PositiveSmallIntegerField()
    content = SealedBytes()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["move", "position"], name="one_piece_of_a_file_in_each_place")]

    class Privacy:
        open = ["id", "version", "move", "position"]
        sealed = ["content"]

    def __str__(self) -> str:
        return f"piece {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, OWN)


class MoveInFault(SealedModel):
    """A row that was not brought in, and why."""

    move = models.ForeignKey(MoveIn, on_delete=models.PROTECT, related_name="faults")
    number = models.PositiveIntegerField()  # of the row, the first after the heads being 1
    words = SealedText()
    cells = SealedJSON()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["move", "number"], name="a_row_is_wrong_once")]

    class Privacy:
        open = ["id", "version", "move", "number"]
        sealed = ["words", "cells"]

    def __str__(self) -> str:
        return f"fault {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, OWN)


class Arrival(SealedModel):
    """Something that was brought in, by a keyed token of where it was kept and under which id: so nothing is made twice."""

    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    token = models.BinaryField()  # 16 bytes, vault.tokens
    what = models.CharField(max_length=8)  # client, contact, session, note, document
    what_id = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["token"])]
        constraints = [models.UniqueConstraint(fields=["brought_by", "token"], name="brought_in_once")]

    class Privacy:
        open = ["id", "version", "brought_by", "client", "token", "what", "what_id"]

    def __str__(self) -> str:
        return f"arrival {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, OWN)
