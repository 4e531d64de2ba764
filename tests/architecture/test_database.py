"""The second lock, read from the database itself: rights, row-level security, policies, functions, roles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import isolate_apps

from clients.models import Client
from records.models import Note

from .source import ROOMS

RIGHTS = Path(__file__).with_name("rights.txt")

# Functions that run as the owner, and what each tells. Anything else would be a hole in the wall.
DEFINERS = {
    "safeguards_sanctioned": "whether a decision about somebody came of an incident, or waits: whoever closes it may see no sanction",
    "paper_given_up": "whether a file should have been back three days ago: the policies of files and checkouts look into each other",
    "audit_client_of": "whose record an id is in, for the line of somebody turned away",
    "audit_make_partitions": "makes empty parts of the trail; the worker alone may call it",
    "clients_begins_anew": "a trigger: an ended grant begins anew or not at all, whoever writes it",
    "clients_hands_on_no_more": "a trigger: whoever may not open all of a record hands on no more; it asks for the actor's own grants",
    "subrosa_narrowed": "whether the actor has a grant that leaves some of a record shut",
    "subrosa_offered": "whether a client is offered to the actor, who has no grant yet",
    "subrosa_shut": "whether a part of a record, of that day, is shut to the actor by every grant they hold",
    "subrosa_about_nobody": "whether a key belongs to a consultation about no client, of the actor's own or not made yet",
    "subrosa_advises": "whether the actor may advise on a consultation, by a de-identified view that stands: they see nothing else of it",
    "subrosa_consults": "whether the actor asked in a consultation that is not decided: pages and advice ask",
    "subrosa_page_maker": "who made the page that a link leads to: whoever comes with one is nobody here, and the house acts for its maker",
    "subrosa_consulted": "whether the actor was asked about a client by a de-identified view that stands: the key's policy asks",
    "subrosa_attends": "whether the actor came to a meeting: its policy looks into its parts, whose policy looks back",
    "subrosa_meets": "whether a key is of an agreement or a meeting of the actor's: the key is made before its row",
    "supervision_contact": "minutes with clients by month, of signed sessions: for the person, who supervises them, and admins; no client",
    "supervision_drafts": "how many drafts somebody has and since when: for who supervises them now, who may see none of them",
    "retention_counted": "whether the job may read a birthday: of a record that ended, or of who belongs to a couple that did",
    "retention_counts": "how many rows of each kind a record has: for the certificate, the job alone",
    "retention_days": "the last service of records that ended: the job counts from it, nobody else asks",
    "retention_destroy": "destroys a record that two persons let go of thirty days ago: it asks again, and the job alone may call it",
    "retention_in_batch": "whether the actor proposed a batch or is asked to approve it",
    "retention_is_alone": "whether nobody else works here who could be the second person",
    "retention_is_gone": "whether a record was destroyed: nothing begins anew with it",
    "retention_lets_go": "whether the actor is one of the two who let go of a record",
    "retention_paper": "labels of paper that is not shredded, for its team, admins and the job: a destruction says what becomes of it",
    "retention_parts": "how many rows of others hang on a couple's sessions: a number, for the job",
    "retention_waits": "a trigger: a hold waits for the job, and the job for a hold",
    "retention_blocks": "how much stands against destroying a record: counts, for its team, admins and the job",
    "subrosa_packed": "whether a client's record is in a bundle that is being made: the worker reads no other",
    "subrosa_packed_apart": "whether an author asked that their own psychotherapy notes of a client go along in one",
    "subrosa_takes": "whether the actor asked for a bundle that a client is in, and may fetch it now: the key's policy asks",
    "subrosa_executor_acts": "whether the actor is a professional executor now: the policies of the limited list ask once",
    "subrosa_executor_asks": "whether a plan in force names who would act by it, and the actor may ask for that",
    "executor_close": "a trigger: what ends closes every grant that was given by it",
    "executor_counts": "how many clients a list would hold, and how many of them cannot be reached: numbers, for a rehearsal",
    "executor_force": "a trigger: a plan is in force once both said yes, instead of whatever was signed before",
    "subrosa_executor_may": "whether the plan opens a thing of a client on the actor's own list",
    "executor_planned": "whether somebody has a plan in force: who takes a client in sees no plan of the counselor they choose",
    "subrosa_executor_named": "whether a signed plan names the actor: activations ask",
    "executor_open": "makes the limited list: lines and grants for whom two persons released it to, once the wait is over",
    "subrosa_executor_opens": "whether a record may be opened to the actor by the plan, until that moment and no later",
    "subrosa_executor_says": "whether a yes to a plan is the actor's to say",
    "subrosa_executor_sees": "whether the actor sees a plan: what hangs on it asks",
    "transfers_left": "how many things somebody who leaves has not settled: counts, for themself and admins, who see no draft",
    "records_beyond": "who of a session's unit has a record that its counselor may not open: how many, and their codes",
    "records_came": "whether somebody may have been at a session of the unit: yes or no, also to the desk, who sees no session",
    "records_late": "how many notes of whom are late: supervisors and admins ask after drafts that they may not see",
    "subrosa_consent_complete": "whether everybody a request asks for has signed: a signer sees only themself",
    "subrosa_is_signer": "whether the actor is the one named to sign, or stands for them",
    "subrosa_signs": "whether the actor is among those named to sign a request",
    "subrosa_signs_for": "whether the actor is named to sign anything of a client, as a member of a couple is",
    "records_room_taken": "how much room documents take, of a client the actor counsels and in all: colleagues' own count as well",
    "records_session_is_signed": "whether a note of a session is signed: the trigger must see notes the actor does not",
    "subrosa_counsels": "whether the actor is on the client's team: a policy on the grants must look into the grants",
    "subrosa_denied": "whether the actor stands on the client's deny list: every policy asks",
    "subrosa_disclosure_suspended": "whether an agency had an entry kept out of the accounting: the client must not see that one did",
    "subrosa_release_sender": "who sent what a link leads to: whoever comes with one is nobody here, and the house acts for its sender",
    "subrosa_few": "the clients the actor holds a live grant on and is not denied, where they are few: the policies of lists ask once",
    "subrosa_in_emergency": "whom a code or a whole name means, for those whose role opens in emergencies: the rows of one person, or none",
    "review_called": "whether a client is found by one of some tokens: the review's job alone may ask",
    "review_count": "how many signals of a month there are, also about the admin who signs it: three numbers",
    "review_grants_left": "how many grants of a quarter wait, also the signer's own and of clients who denied them: one number",
    "review_relation": "whether somebody held a grant on a client at a moment, and of which kind: the review's job alone may ask",
    "review_sole_admin": "whether the actor is the only admin here",
    "subrosa_reach_changed": "whether the ways to a client changed since a moment: whoever tells of an incident sees no address",
    "subrosa_represents_as": "whether the actor is one of a client's representatives: the policy on ways must look into them",
    "subrosa_is_quiet": "whether a line is of an emergency that the client is not told of yet: the portal's policy asks",
    "subrosa_is_told": "whether a review lets the client know that their record was opened in an emergency",
    "subrosa_granted": "whether the actor holds a live grant on the client and is not denied: every policy asks",
    "subrosa_incident_from": "whether an incident came of a signal or an opening: perhaps one that is not the actor's to see",
    "subrosa_incident_members": "who makes up a couple, family or group: an incident counts people",
    "subrosa_incident_reach": "by which ways somebody on an incident's list may be reached: kinds, no address",
    "subrosa_incident_kept": "whether the actor works on an incident: its suspects must not see that they are named",
    "subrosa_incident_notifies": "whether people are being told of an incident: the worker that prepares letters sees no other row of it",
    "subrosa_use_invitation": "uses up an open invitation to the portal while nobody acts; the staff may not write who used one",
    "subrosa_incident_suspects": "whether the actor may be the cause of an incident: its letters are not there for them",
    "subrosa_incident_tells": "whether the actor works on an incident of which a client is told: its accounting gets a row",
    "subrosa_refuse_when_over_but": "the same, but for the columns it is given: an offer to talk, an analysis done",
    "subrosa_refuse_when_over": "the trigger that keeps what belongs to an incident that is over: whoever changes it may not see it",
    "subrosa_incident_number": "the next number of an incident: whoever reports does not see the others",
    "subrosa_incident_reported": "whether the actor reported an incident, which they may not see",
    "subrosa_incident_there": "whether an incident is written already: its key is made before its row",
    "subrosa_incident_works": "whether the actor works on an incident that is not over",
    "subrosa_is": "whether a permission is one of some codenames",
    "subrosa_may_be_one": "whether two clients are persons, and no chain comes of it: it may lead over a row out of the actor's sight",
    "subrosa_may_part": "whether a merge can be taken back: a denial since, on one side alone, may be out of the actor's sight",
    "subrosa_never_counseled": "whether nobody was ever on the client's team: the front desk closes only such an enquiry",
    "subrosa_role": "whether the actor works here in one of some roles",
    "subrosa_unassigned": "whether a client is not taken in yet: no grant and no row",
    "subrosa_stands": "whether somebody stands in the portal of a client: whoever writes to them does not see every grant and denial",
    "messaging_read_at": "when somebody last had their thread before them: the front desk, who may read it, reads no trail",
    "messaging_uncovered": "of how many clients something waits that the one who covers may not open: a number, for them and admins",
    "messaging_uncovered_clients": "which clients these are, for admins, who give access and read no message",
    "subrosa_in_portal_of": "whether the actor is the client or represents them",
}


def ask(statement: str, *values: object) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _parents(model: type[models.Model]) -> set[type[models.Model]]:
    return {field.related_model for field in model._meta.concrete_fields if field.related_model and field.related_model is not model}  # type: ignore[misc]  # models


def client_bound(*more_models: type[models.Model]) -> set[str]:
    """The tables of rows that belong to a client: by a chain of foreign keys, or a column that says so."""
    bound: set[type[models.Model]] = {Client}
    every = [*more_models, *(model for model in apps.get_models() if model._meta.app_label in ROOMS)]
    while more := {model for model in every if _parents(model) & bound} - bound:
        bound |= more
    return {model._meta.db_table for model in bound} | {"audit_event", "vault_datakey"}


@pytest.mark.django_db
class TestDatabase:
    """Asked as the web role."""

    def test_the_tests_run_as_the_web_role_which_can_do_nothing_special(self) -> None:
        (row,) = ask("SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user")
        assert row == ("subrosa_web", False, False, False, False)

    def test_every_client_bound_table_has_row_level_security_for_its_owner_too(self) -> None:
        assert unguarded(client_bound()) == set()

    @isolate_apps("records")
    def test_the_control_a_new_model_of_a_clients_without_a_policy_is_found(self) -> None:
        """A model two steps from the client, as the next room might add it, whose migration forgot the second lock."""

        class Leaflet(models.Model):
            note = models.ForeignKey("records.Note", models.CASCADE)

            class Meta:
                app_label = "records"

            def __str__(self) -> str:
                return "leaflet"

        Leaflet._meta.get_field("note").remote_field.model = Note
        assert unguarded(client_bound(Leaflet)) == {"records_leaflet"}

    def test_every_client_bound_table_has_a_policy_for_web_that_asks_who(self) -> None:
        told = ask(
            "SELECT tablename, policyname, coalesce(qual, '') || coalesce(with_check, '') FROM pg_policies"
            " WHERE permissive = 'PERMISSIVE' AND 'subrosa_web' = ANY(roles)"  # one that only takes away need not ask who
        )
        assert {table for table, _, _ in told} >= client_bound()
        open_to_all = {f"{table}.{name}" for table, name, text in told if not re.search(r"subrosa_|SELECT 1|owner", text)}
        assert open_to_all == set()

    def test_no_policy_lets_web_or_worker_see_everything(self) -> None:
        wide = ask("SELECT tablename, policyname, roles::text FROM pg_policies WHERE qual = 'true' AND NOT roles = '{subrosa_owner}'")
        assert wide == [("audit_event", "job_reads", "{subrosa_worker}")]

    def test_no_policy_compares_a_column_with_itself(self) -> None:
        """A name that a subquery has, too, means the subquery's: meant for the row, it would hold for every row."""
        told = ask("SELECT tablename, policyname, coalesce(qual, '') || coalesce(with_check, '') FROM pg_policies")
        assert [f"{table}.{name}" for table, name, text in told if re.search(r"\b(\w+\.\w+) = \1\b", text)] == []
        assert re.search(r"\b(\w+\.\w+) = \1\b", "EXISTS (SELECT 1 FROM told t WHERE ((t.client_id = t.client_id)))")

    def test_rights_are_exactly_these(self) -> None:
        """Drift fails: what a role may do is read from tests/architecture/rights.txt, table by table."""
        assert rights() == RIGHTS.read_text()

    def test_nobody_may_empty_a_table_or_make_one(self) -> None:
        assert [line for line in rights().splitlines() if re.search("TRUNCATE|TRIGGER|REFERENCES|MAINTAIN|PUBLIC", line)] == []
        made = "SELECT bool_or(has_schema_privilege(role, 'public', 'CREATE')) FROM unnest(ARRAY['subrosa_web', 'subrosa_worker']) role"
        assert ask(made) == [(False,)]

    def test_what_is_final_may_not_be_deleted_or_changed_by_right_either(self) -> None:
        lines = rights().splitlines()
        for table in (
            "audit_event",
            "breaches_awareness",
            "breaches_call",
            "breaches_clockrow",
            "breaches_clockrun",
            "breaches_delay",
            "breaches_closing",
            "breaches_entry",
            "breaches_finding",
            "breaches_knowledge",
            "breaches_outcome",
            "clients_glassreview",
            "messaging_attachment",
            "messaging_attachmentpiece",
            "messaging_filed",
            "messaging_message",
            "clients_unitagreement",
            "records_addendum",
            "records_cosignature",
            "records_cosignrequest",
            "records_editrequest",
            "records_goal",
        ):
            assert [line for line in lines if f" {table}: " in line and re.search("UPDATE|DELETE", line)] == []
        assert [line for line in lines if " records_note: " in line and "DELETE" in line] == []

    def test_functions_that_run_as_the_owner_are_these_and_fix_their_path(self) -> None:
        ours = "FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        found = ask(f"SELECT proname, coalesce(array_to_string(proconfig, ','), '') {ours}")
        assert {name for name, _ in found} == set(DEFINERS)
        assert all("search_path=public, pg_temp" in config for _, config in found)
        assert ask(f"SELECT proname {ours} AND has_function_privilege('public', oid, 'EXECUTE')") == []

    def test_without_an_actor_nothing_of_a_client_is_there(self, signed: object) -> None:
        for table in sorted(client_bound() - {"vault_datakey"}):
            if table in {line.split(" ")[1].rstrip(":") for line in rights().splitlines() if line.startswith("web ")}:
                assert ask(f"SELECT count(*) FROM {table}") == [(0,)], table

    def test_attack_15_ids_of_clients_are_never_used_again(self) -> None:
        """A grant points at a uuid made at random; no counter starts over, and a client's row is never deleted by web."""
        assert isinstance(Client._meta.pk, models.UUIDField)
        assert [line for line in rights().splitlines() if line.startswith("web clients_client:") and "DELETE" in line] == []


def unguarded(tables: set[str]) -> set[str]:
    """Those of ``tables`` that have no row-level security, or none that holds for their owner."""
    forced = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition AND relrowsecurity AND relforcerowsecurity"
    return tables - {table for (table,) in ask(forced)}


def rights() -> str:
    """What web, worker and everybody may do, a line for each role and table; rights on single columns name the column."""
    rows = ask(
        """WITH granted AS (
            SELECT acl.grantee, c.relname, acl.privilege_type AS what
            FROM pg_class c CROSS JOIN aclexplode(c.relacl) acl
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
            UNION ALL
            SELECT acl.grantee, c.relname, acl.privilege_type || ' (' || a.attname || ')'
            FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid CROSS JOIN aclexplode(a.attacl) acl
            WHERE c.relnamespace = 'public'::regnamespace)
        SELECT coalesce(r.rolname, 'PUBLIC'), relname, string_agg(what, ', ' ORDER BY what)
        FROM granted LEFT JOIN pg_roles r ON r.oid = granted.grantee
        WHERE r.rolname IS DISTINCT FROM 'subrosa_owner' GROUP BY 1, 2 ORDER BY 1, 2"""
    )
    return "".join(f"{role.removeprefix('subrosa_')} {table}: {granted}\n" for role, table, granted in rows)
