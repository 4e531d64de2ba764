"""Every field is sealed or open by name, and no model says in words what it seals."""

from __future__ import annotations

from collections import Counter

import pytest
from django.apps import apps
from django.db import models

from vault.fields import SealedField, SealedModel

from .source import ROOMS

OURS = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in ROOMS]
# Tables of others, and why nothing of a client stands in them open.
THEIRS = {
    "auth.Permission": "names of permissions; what they permit stands in clients.ClientPermission",
    "auth.Group": "not used: roles are code",
    "auth.Group_permissions": "not used: roles are code",
    "contenttypes.ContentType": "names of models",
    "account.EmailAddress": "not used: the web role may not write it, addresses are sealed in practice.User",
    "account.EmailConfirmation": "not used: the web role has no right to it",
    "mfa.Authenticator": "second factors; their secrets are sealed by practice.factors",
    "guardian.UserObjectPermission": "not used: grants are clients.ClientPermission",
    "guardian.GroupObjectPermission": "not used: grants are clients.ClientPermission",
}
# What the practice itself writes and shows to everybody it serves.
OWN_WORDS = {"consent.Version": {"text", "what_changed"}}
# Made by Django for a field of ours; its columns are two keys.
MADE = {"practice.User_groups", "practice.User_user_permissions"}


def _names(model: type[models.Model]) -> set[str]:
    own = {field.name for field in model._meta.concrete_fields}
    through = {field.name for field in model._meta.local_many_to_many if not field.remote_field.through._meta.auto_created}  # type: ignore[union-attr]  # m2m
    return own | through


def test_no_table_of_others_is_unknown() -> None:
    theirs = {model._meta.label for model in apps.get_models(include_auto_created=True) if model._meta.app_label not in ROOMS}
    assert theirs == set(THEIRS)


def test_no_table_made_by_django_is_unknown() -> None:
    assert {model._meta.label for model in OURS if model._meta.auto_created} == MADE


@pytest.mark.parametrize("model", [model for model in OURS if not model._meta.auto_created], ids=lambda model: model._meta.label)
class TestEach:
    """Each model of ours."""

    def test_every_field_is_classified_exactly_once(self, model: type[models.Model]) -> None:
        privacy = model.Privacy  # type: ignore[attr-defined]  # every model of ours has one, or this fails
        listed = [*privacy.open, *getattr(privacy, "sealed", [])]
        assert [name for name, count in Counter(listed).items() if count > 1] == []
        assert set(listed) == _names(model)

    def test_sealed_means_a_field_of_the_vault_and_nothing_else(self, model: type[models.Model]) -> None:
        fields = {field.name for field in model._meta.concrete_fields if isinstance(field, SealedField)}
        assert fields == set(getattr(model.Privacy, "sealed", []))  # type: ignore[attr-defined]  # as above
        assert not fields or issubclass(model, SealedModel)

    def test_no_open_field_has_room_for_clients_words(self, model: type[models.Model]) -> None:
        """A TextField could hold a sentence: such a field is sealed. Names of the practice's own things are short."""
        roomy = [
            field.name for field in model._meta.concrete_fields if isinstance(field, models.TextField | models.JSONField | models.FileField)
        ]
        allowed = {"session_data"} | OWN_WORDS.get(model._meta.label, set())  # the former is sealed by practice.sessions
        assert set(roomy) <= allowed

    def test_attack_42_its_words_tell_nothing_sealed(self, model: type[models.Model]) -> None:
        row = model()
        for name in getattr(model.Privacy, "sealed", []):  # type: ignore[attr-defined]  # as above
            row.__dict__[name] = "planted words"
        assert "planted" not in f"{row} {row!r}"
        assert type(row).__str__ is not models.Model.__str__

    def test_nothing_sealed_orders_or_indexes_or_is_unique(self, model: type[models.Model]) -> None:
        sealed = set(getattr(model.Privacy, "sealed", []))  # type: ignore[attr-defined]  # as above
        used = {name.lstrip("-") for name in model._meta.ordering if isinstance(name, str)}
        used |= {name.lstrip("-") for index in model._meta.indexes for name in index.fields}
        used |= {field.name for field in model._meta.concrete_fields if field.unique or field.db_index}
        assert not used & sealed
