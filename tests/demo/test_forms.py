"""The invented practice has forms that can be sent, and some that wait for a review."""

from __future__ import annotations

import pytest

from consent.models import Packet, Version
from demo import forms
from demo.people import settle


@pytest.mark.django_db
def test_the_demos_forms_are_in_force_and_asking_twice_changes_nothing() -> None:
    people, _ = settle()
    for _ in range(2):
        forms.approve_forms(people)
    in_force = Version.objects.filter(state="in_force")
    assert set(in_force.values_list("form__shipped_as", flat=True)) == set(forms.IN_FORCE)
    assert set(Version.objects.filter(state="draft").values_list("form__shipped_as", flat=True)) == {"part2", "california-board"}
    assert not [version.pk for version in in_force if "((" in version.text]
    assert Packet.objects.count() == 5
