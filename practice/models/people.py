"""Everyone who can sign in, and who supervises whom from when to when."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from audit import clock
from practice.roles import PORTAL, STAFF, Role, in_words
from vault.fields import SealedModel, SealedText
from vault.gate import PRACTICE
from vault.keys import Keyhole
from vault.tokens import token


def address_token(email: str) -> str:
    """What an e-mail address is stored and found by: a keyed token, since a client's address identifies them."""
    return token("address", email.strip().casefold()).hex()


class UserManager(BaseUserManager["User"]):
    """Makes people and finds them by address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person who signs in with ``email``; without a password nobody can until one is set."""
        user = self.model(username=address_token(email), email=email.strip(), **fields)
        user.set_password(password)
        user.save()
        return user

    def at_address(self, email: str) -> models.QuerySet[User]:
        """The people (none or one) who sign in with ``email``."""
        return self.filter(username=address_token(email))

    def working(self) -> models.QuerySet[User]:
        """Everyone who may be signed in now: active, arrived, not left."""
        now = clock.now()
        return self.filter(Q(leaves_at=None) | Q(leaves_at__gt=now), is_active=True)

    def staff(self) -> models.QuerySet[User]:
        """Everyone working here now who holds a staff role."""
        return self.working().filter(roles__overlap=sorted(STAFF))


class User(SealedModel, AbstractBaseUser, PermissionsMixin):
    """A person with an account. Address and name are sealed, for a client's name is as private as their notes."""

    username = models.CharField(max_length=32, unique=True, editable=False)  # keyed token of the address
    email = SealedText()
    name = SealedText()
    credentials = models.CharField(max_length=80, blank=True)  # such as "LPC-A", shown to clients
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), default=list)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=clock.now)
    leaves_at = models.DateTimeField(null=True, blank=True)
    emergency_until = models.DateTimeField(null=True)  # the last end of what was opened in an emergency: pages ask for a banner until then

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(roles__contained_by=[role.value for role in Role]), name="user_roles_are_known")]

    class Privacy:
        open = [
            "id", "version", "username", "credentials", "roles", "is_active", "joined_at", "leaves_at", "emergency_until",
            "password", "last_login", "is_superuser",
        ]  # fmt: skip
        sealed = ["email", "name"]

    def __str__(self) -> str:
        return f"user {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, "account")

    def holds(self, *roles: Role) -> bool:
        """Whether this person holds any of ``roles``."""
        return bool({*self.roles} & {*roles})

    @property
    def roles_said(self) -> str:
        """The staff roles held now, as people say them; that somebody may be a client, too, is nobody's business."""
        return in_words(role for role in Role if role in STAFF and role in self.roles)

    @property
    def is_staff_member(self) -> bool:
        """Whether this person works here (as opposed to a client or representative)."""
        return self.holds(*STAFF)

    @property
    def is_portal_user(self) -> bool:
        """Whether this person is a client or represents one."""
        return self.holds(*PORTAL)

    @property
    def role_words(self) -> str:
        """The roles held now, as a line of the trail carries them."""
        return "+".join(sorted(self.roles)) or "none"

    @property
    def has_left(self) -> bool:
        """Whether access ended: deactivated, or the leaving minute has come."""
        return not self.is_active or (self.leaves_at is not None and self.leaves_at <= clock.now())


class Supervision(models.Model):
    """Who supervised whom, from when to when. Grants on clients follow it by action, never by deduction."""

    supervisor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="supervises")
    supervisee = models.ForeignKey(User, on_delete=models.PROTECT, related_name="supervised_by")
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True, blank=True)
    licence = models.CharField(max_length=80, blank=True, default="")  # the supervisor's, as the agreement tells it; clients are told

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(supervisor=F("supervisee")), name="nobody_supervises_themselves"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("since")), name="supervision_ends_after_it_begins"),
            models.UniqueConstraint(fields=["supervisee"], condition=Q(until=None), name="one_open_supervision_each"),
        ]

    class Privacy:
        open = ["id", "supervisor", "supervisee", "since", "until", "licence"]

    def __str__(self) -> str:
        return f"supervision {self.pk}"

    @property
    def is_over(self) -> bool:
        """Whether its end has come."""
        return self.until is not None and self.until <= clock.now()
