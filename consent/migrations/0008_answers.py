"""Answers kept before they are signed: the signer's alone. And rows that a door holds while somebody signs or answers."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

import audit.clock
import vault.fields
from audit.lock import grant, guard, policy, sql

lock = import_module("consent.migrations.0004_lock")
DRAFT = "consent_answerdraft"


class Migration(migrations.Migration):
    dependencies = [("consent", "0007_of_age")]
    operations = [
        migrations.CreateModel(
            name="AnswerDraft",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("answers", vault.fields.SealedJSON(editable=False)),
                ("saved_at", models.DateTimeField(default=audit.clock.now)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                ("signer", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="draft", to="consent.signer")),
            ],
            options={"abstract": False},
        ),
        migrations.AlterField(
            model_name="signature",
            name="method",
            field=models.CharField(
                choices=[
                    ("in_person", "in person, known to the counselor"),
                    ("invited", "invited by a link and three words told in person"),
                    ("password", "signed in with a password"),
                    ("two_factors", "signed in with two factors"),
                    ("passkey", "signed in with a passkey"),
                ],
                max_length=11,
            ),
        ),
        grant(DRAFT, web="SELECT, INSERT, UPDATE, DELETE"),
        guard(DRAFT),
        policy(DRAFT, "own", using=lock.own(DRAFT), check=lock.own(DRAFT)),
        # Whoever signs may lock their own row, and whoever answers the question's, while they do; neither changes anything of it.
        # An answer of the client's supervisor is a step as well.
        sql("GRANT UPDATE (named_at) ON consent_signer TO subrosa_web", "REVOKE UPDATE (named_at) ON consent_signer FROM subrosa_web"),
        policy("consent_signer", "held_by_signer", on="UPDATE", using="subrosa_is_signer(id)", check="false"),
        policy(
            "consent_step", "answered", on="INSERT", check=f"user_id = subrosa_actor() AND what = 'answer' AND {lock.team('consent_step')}"
        ),
        policy("consent_question", "held_by_team", on="UPDATE", using=lock.team("consent_question"), check="false"),
    ]
