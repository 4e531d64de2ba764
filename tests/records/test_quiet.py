"""What a psychotherapy note must not even stir (REC-1)."""

from __future__ import annotations

from clients.models import Client
from practice.models import User
from records import actions
from tests.cast import acting


def test_rec_1_beginning_a_psychotherapy_note_does_not_move_the_client_in_lists(ana: User, dee: User, cleo: Client) -> None:
    """The desk's and the admin's lists sort by the last session or note: the moment would be told to everybody."""
    with acting(dee):
        before = Client.objects.get(pk=cleo.pk).recent_at
    with acting(ana):
        actions.begin_note(cleo, by=ana, kind="psychotherapy")
    with acting(dee):
        assert Client.objects.get(pk=cleo.pk).recent_at == before
    with acting(ana):
        actions.begin_note(cleo, by=ana, kind="contact")
    with acting(dee):
        assert Client.objects.get(pk=cleo.pk).recent_at > before
