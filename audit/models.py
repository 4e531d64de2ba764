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
