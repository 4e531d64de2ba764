"""The trail. A line points at nothing: ids and labels, no foreign keys, no clinical text, no query strings."""

from __future__ import annotations

from django.db import models


class Act(models.TextChoices):
    """What was done."""

    READ = "read", "opened"
    LIST = "list", "listed"
    CHANGE = "change", "changed"
    EXPORT = "export", "exported"
    REFUSED = "refused", "refused"
    LOGIN = "login", "signed in"
    LOGOUT = "logout", "signed out"
    FAILED = "failed", "failed sign-in"
    BREAK_GLASS = "glass", "break-glass"
    SYSTEM = "system", "by the system"


class Event(models.Model):
    """One line of the trail. The table is partitioned by month and only ever grows (triggers and rights say so too)."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    act = models.CharField(max_length=8, choices=Act.choices)
    actor_id = models.UUIDField(null=True)
    role = models.CharField(max_length=60)  # roles held at that moment, "anonymous", or "system:<job>"
    what = models.CharField(max_length=40)  # model label, such as "records.note"
    what_id = models.UUIDField(null=True)
    client_id = models.UUIDField(null=True)
    part = models.CharField(max_length=40)  # the page or the verb
    purpose = models.CharField(max_length=40, blank=True)
    request_id = models.UUIDField(null=True)
    session = models.CharField(max_length=12, blank=True)  # start of the stored (hashed) session key
    address = models.GenericIPAddressField(null=True)

    class Meta:
        managed = False  # made by hand in the first migration: Django cannot partition
        db_table = "audit_event"

    class Privacy:
        open = [
            "id", "at", "act", "actor_id", "role", "what", "what_id", "client_id", "part", "purpose",
            "request_id", "session", "address",
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"line {self.id}"


class Seal(models.Model):
    """A checkpoint of the trail: what stood between two lines, chained to the seal before and signed. Only ever added to."""

    number = models.BigIntegerField(primary_key=True)  # 1, 2, 3 … without a gap
    version = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    after = models.BigIntegerField(unique=True)  # the lines with a greater id …
    upto = models.BigIntegerField()  # … up to this one
    lines = models.IntegerField()
    digest = models.CharField(max_length=64)  # SHA-256 over the hashes of the lines
    previous = models.CharField(max_length=64)  # names the seal before
    key = models.CharField(max_length=44)  # the public key
    mac = models.CharField(max_length=64)  # HMAC-SHA256: who has the public key alone cannot make one
    signature = models.CharField(max_length=88)
    farewell = models.CharField(max_length=88, blank=True)  # the former key's signature, where the key is a new one
    marks = models.BinaryField()  # the start of each line's hash, to name the line that does not fit

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(upto__gt=models.F("after")), name="seal_goes_forward")]

    class Privacy:
        open = [
            "number", "version", "at", "after", "upto", "lines", "digest", "previous", "key", "mac", "signature", "farewell", "marks",
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"seal {self.number}"


class Watch(models.Model):
    """How sealing stands: one row, for the pulse and the admin's page. Nothing is proved by it."""

    looked_at = models.DateTimeField(null=True)  # when everything up to then was last seen to be sealed
    anchored = models.BigIntegerField(default=0)  # number of the last seal kept outside
    anchored_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=20, blank=True)  # a word of sealing.Trouble
    verified_at = models.DateTimeField(null=True)
    verified_lines = models.BigIntegerField(default=0)
    findings = models.IntegerField(default=0)  # of the last verification

    class Privacy:
        open = ["id", "looked_at", "anchored", "anchored_at", "trouble", "verified_at", "verified_lines", "findings"]

    def __str__(self) -> str:
        return "the watch over the trail"
