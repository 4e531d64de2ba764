"""How a client may be reached, and who stands for them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from audit import clock
from vault.fields import SealedModel, SealedText
from vault.keys import Keyhole

from .client import Client


class ContactPoint(SealedModel):
    """A phone, mail or post address, with the client's own permission to use it."""

    class Kind(models.TextChoices):
        PHONE = "phone", "phone"
        MAIL = "mail", "e-mail"
        POST = "post", "post"

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    address = SealedText()
    label = SealedText()  # "work", "my sister's": the client's own word
    may_contact = models.BooleanField(default=False)  # asked beside each address, never assumed
    safe_to_leave_message = models.BooleanField(default=False)
    verified_at = models.DateTimeField(null=True)  # said back by them over that way, or heard by staff (CM-6); a new address is not

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["phone", "mail", "post"]), name="contact_kind_known"),
            models.CheckConstraint(condition=Q(may_contact=True) | Q(safe_to_leave_message=False), name="no_message_without_permission"),
        ]

    class Privacy:
        open = ["id", "version", "client", "kind", "may_contact", "safe_to_leave_message", "verified_at"]
        sealed = ["address", "label"]

    def __str__(self) -> str:
        return f"contact point {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, "contact")


class Representative(SealedModel):
    """Someone who acts for a client, by what authority, from when to when (RG-12)."""

    class Relation(models.TextChoices):
        PARENT = "parent", "parent"
        GUARDIAN = "guardian", "guardian"
        CASEWORKER = "caseworker", "caseworker"
        EXECUTOR = "executor", "executor or administrator of the estate"  # of somebody who died (RG-14)
        OTHER = "other", "other representative"

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="representatives")
    user = models.ForeignKey("practice.User", null=True, on_delete=models.PROTECT, related_name="represents")
    relation = models.CharField(max_length=12, choices=Relation.choices)
    name = SealedText()
    phone = SealedText()
    authority = SealedText()  # such as "joint legal custody, order of 12 March"
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="authority_ends_after_it_begins")]

    class Privacy:
        open = ["id", "version", "client", "user", "relation", "since", "until"]
        sealed = ["name", "phone", "authority"]

    def __str__(self) -> str:
        return f"representative {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, "contact")
