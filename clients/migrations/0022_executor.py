"""Whoever settles the estate stands for somebody who died (RG-14)."""

from django.db import migrations, models

RELATIONS = [
    ("parent", "parent"), ("guardian", "guardian"), ("caseworker", "caseworker"), ("executor", "executor or administrator of the estate"),
    ("other", "other representative"),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("clients", "0021_left_members")]
    operations = [migrations.AlterField("representative", "relation", models.CharField(choices=RELATIONS, max_length=12))]
