"""Somebody from outside may have an account that opens nothing until two persons release it (RET-26)."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("practice", "0011_channels"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="user",
            name="user_roles_are_known",
        ),
        migrations.AlterField(
            model_name="invitation",
            name="roles",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("counselor", "counselor"),
                        ("supervisor", "supervisor"),
                        ("desk", "front desk"),
                        ("admin", "admin (privacy officer)"),
                        ("executor", "professional executor"),
                        ("client", "client"),
                        ("representative", "representative"),
                    ],
                    max_length=20,
                ),
                default=list,
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="roles",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("counselor", "counselor"),
                        ("supervisor", "supervisor"),
                        ("desk", "front desk"),
                        ("admin", "admin (privacy officer)"),
                        ("executor", "professional executor"),
                        ("client", "client"),
                        ("representative", "representative"),
                    ],
                    max_length=20,
                ),
                default=list,
                size=None,
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("roles__contained_by", ["counselor", "supervisor", "desk", "admin", "executor", "client", "representative"])
                ),
                name="user_roles_are_known",
            ),
        ),
    ]
