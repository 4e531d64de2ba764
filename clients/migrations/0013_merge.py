"""Two rows that are one person: who may say so, and that a denial of one is a denial of both."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
from audit.lock import grant, guard, policy, sql

lock = import_module("clients.migrations.0002_lock")

SIDES = ("clients_merge.duplicate_id", "clients_merge.kept_id")
BOTH = " AND ".join(lock.granted(side, "'counsel'") for side in SIDES)
SEEN = " AND ".join(f"({lock.contact(side)})" for side in SIDES)
ADMIN = f"({lock.role('admin')} AND {lock.not_denied('clients_merge.kept_id')})"

# Who is denied a person is denied every row that is this person, and the couples and families any of them belongs to.
# The actor's own entries come first: whoever stands on no list, which is nearly everybody, costs one look into an index.
DENIED = """EXISTS (SELECT 1 FROM clients_denial d
    CROSS JOIN LATERAL (SELECT coalesce((SELECT g.kept_id FROM clients_merge g WHERE g.duplicate_id = d.client_id), d.client_id) AS id) whom
    WHERE d.user_id = subrosa_actor() AND (
        whom.id = coalesce((SELECT g.kept_id FROM clients_merge g WHERE g.duplicate_id = client), client)
        OR EXISTS (SELECT 1 FROM clients_member m LEFT JOIN clients_merge g ON g.duplicate_id = m.person_id
            WHERE m.unit_id = client AND coalesce(g.kept_id, m.person_id) = whom.id)))"""
FORMERLY = import_module("clients.migrations.0006_denied_in_units").DENIED
TEAM = f"what NOT IN ('records.psychotherapy', 'clients.merge') AND {lock.granted('audit_event.client_id')}"
READ = f"actor_id = subrosa_actor() OR {lock.role('admin')} OR ({TEAM})"
# Asked as the owner: a chain may lead over a row that the actor does not see.
PLAIN = """NOT EXISTS (SELECT 1 FROM clients_merge m WHERE m.duplicate_id = kept OR m.kept_id = duplicate)
    AND NOT EXISTS (SELECT 1 FROM clients_client c WHERE c.id IN (duplicate, kept) AND c.kind NOT IN ('adult', 'minor'))"""
# A denial made since the merge, of one side alone, has counted for both: taking the merge back would open the other to that person.
PARTS = """NOT EXISTS (SELECT 1 FROM clients_merge m JOIN clients_denial d ON d.denied_at >= m.merged_at
    JOIN LATERAL (SELECT m.kept_id AS id UNION SELECT o.duplicate_id FROM clients_merge o WHERE o.kept_id = m.kept_id) one ON one.id = d.client_id
    WHERE m.duplicate_id = duplicate AND NOT EXISTS (SELECT 1 FROM clients_denial b WHERE b.user_id = d.user_id
        AND CASE WHEN d.client_id = duplicate THEN b.client_id <> duplicate AND (b.client_id = m.kept_id
            OR b.client_id IN (SELECT o.duplicate_id FROM clients_merge o WHERE o.kept_id = m.kept_id)) ELSE b.client_id = duplicate END))"""


def denied(answer: str) -> str:
    """SQL: ``subrosa_denied`` anew."""
    return lock.function("subrosa_denied", "client uuid", answer).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0012_coming_of_age"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("duplicate", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="merge", serialize=False, to="clients.client")),
                ("merged_at", models.DateTimeField(default=audit.clock.now)),
                ("kept", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="merged", to="clients.client")),
                ("merged_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={"constraints": [models.CheckConstraint(condition=~models.Q(duplicate=models.F("kept")), name="no_merge_with_itself")]},
        ),
        sql(lock.function("subrosa_may_be_one", "duplicate uuid, kept uuid", PLAIN), "DROP FUNCTION subrosa_may_be_one(uuid, uuid)"),
        sql(lock.function("subrosa_may_part", "duplicate uuid", PARTS), "DROP FUNCTION subrosa_may_part(uuid)"),
        sql(denied(DENIED), denied(FORMERLY)),
        grant("clients_merge", web="SELECT, INSERT, DELETE"),
        guard("clients_merge"),
        # Whoever sees one of the two alone is not told that there is another; a denial counts for both all the same.
        policy("clients_merge", "of_both", on="SELECT", using=f"({SEEN}) OR {ADMIN}"),
        policy("clients_merge", "of_the_denied", on="SELECT", using="subrosa_denied(clients_merge.kept_id)"),
        policy("clients_merge", "merged", on="INSERT", check=f"merged_by_id = subrosa_actor() AND {BOTH} AND subrosa_may_be_one({', '.join(SIDES)})"),
        # That a client has a duplicate is the actor's and the admins' to read in the trail: the other may be out of a reader's sight.
        sql("DROP POLICY read ON audit_event"),
        policy("audit_event", "read", on="SELECT", using=READ),
        policy("clients_merge", "undone", on="DELETE", using=f"{BOTH} AND subrosa_may_part(clients_merge.duplicate_id)"),
    ]  # fmt: skip
