"""A safeguard that the owner of the database switches off is shown Off, and so are the ones it carried (SE-5, SE-6, SE-10, SE-20)."""

from __future__ import annotations

from typing import Any

from django.db import connection

from practice.models import User
from practice.roles import Role
from review import claims
from tests.cast import acting, person
from tests.committed import as_owner, own_database


def told(by: User) -> dict[str, str]:
    with acting(by):
        return {claim.key: answer.state for claim, answer in claims.every(by)}


def test_se_5_and_6_and_10_what_the_database_no_longer_holds_is_shown_off(
    django_db_setup: None, django_db_blocker: Any, worker_id: str
) -> None:
    with own_database(django_db_blocker, worker_id):
        ada = person("Ada Novak", Role.ADMIN)
        before = told(ada)
        with as_owner(connection.settings_dict["NAME"]) as owner:
            owner.execute("ALTER TABLE records_note DISABLE TRIGGER signed_is_final")
            owner.execute("ALTER TABLE clients_contactpoint DISABLE ROW LEVEL SECURITY")
            owner.execute("GRANT DELETE ON audit_event TO subrosa_web")
            owner.execute("GRANT DELETE ON review_evidence TO subrosa_web")
        after = told(ada)
    for key in ("signed", "rows", "trail", "kept"):
        assert (before[key], after[key]) == ("Active", "Off"), key
