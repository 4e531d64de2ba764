"""Whether what is kept is what was signed: rows that the owner of the database changes (T41, ES-6, ES-7)."""

from __future__ import annotations

from django.db import connection, transaction

from consent.evidence import broken_at, disagreements
from consent.models import Request, Signature
from tests.cast import acting
from tests.committed import House
from tests.superuser import as_superuser

from .papers import asked, form_in_force, signed_by

# By table: what somebody who has the database could make a signature say. The seals of what is sealed are tried elsewhere (T04).
CHANGES = {
    "consent_signature": {
        "signed_at": "signed_at - interval '1 day'",
        "method": "'passkey'",
        "user_id": "gen_random_uuid()",
        "witnessed_by_id": "gen_random_uuid()",
        "shown_hash": "decode('00', 'hex') || shown_hash",
    },
    "consent_signer": {
        "capacity": "'guardian'",
        "person_id": "gen_random_uuid()",
    },
    "consent_request": {"shown_hash": "decode('00', 'hex') || shown_hash"},
    "consent_step": {
        "at": "at - interval '1 day'",
        "what": "'withdrawn'",
        "user_id": "gen_random_uuid()",
        "number": "number + 7",
    },
}
GONE = ("consent_signature", "consent_paper", "consent_step")


def holds(signature: Signature) -> bool:
    """What the evidence page says, asked anew."""
    request = Request.objects.get(pk=signature.request_id)
    chains = [None, *request.signers.all()]
    return not disagreements(request) and not any(broken_at(request, signer) for signer in chains)


def test_a_signature_that_says_something_else_than_what_was_signed_is_found(house: House) -> None:
    with acting(house.ana):
        request = asked(house.cleo, house.ana, form_in_force())
    signature = signed_by(house.portal_cleo, request)
    with as_superuser(), acting(house.ana), connection.cursor() as cursor:
        assert holds(signature)
        only = {table: "id" if table == "consent_request" else "request_id" for table in CHANGES}
        for table, columns in CHANGES.items():
            for column, value in columns.items():
                with transaction.atomic():
                    cursor.execute(f"UPDATE {table} SET {column} = {value} WHERE {only[table]} = %s", [request.pk])
                    assert cursor.rowcount
                    assert not holds(signature), f"{table}.{column}"
                    transaction.set_rollback(True)
        for table in GONE:
            with transaction.atomic():
                found = "signature_id" if table == "consent_paper" else "request_id"
                cursor.execute(f"DELETE FROM {table} WHERE {found} = %s", [signature.pk if table == "consent_paper" else request.pk])
                assert cursor.rowcount
                assert not holds(signature), f"{table} gone"
                transaction.set_rollback(True)
        assert holds(signature)
