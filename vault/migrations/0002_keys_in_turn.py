"""A client's key may be followed by another: the old one opens and seals no more. Of a shredded one an empty row stays."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial")]

    operations = [
        migrations.AddField("datakey", "retired_at", models.DateTimeField(null=True)),
        migrations.AddField("datakey", "shredded_at", models.DateTimeField(null=True)),
        migrations.RemoveConstraint("datakey", "one_key_per_compartment"),
        migrations.AddConstraint(
            "datakey",
            models.UniqueConstraint(
                condition=models.Q(("retired_at", None)),
                fields=("owner", "compartment", "holder"),
                name="one_key_per_compartment",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            "datakey",
            models.CheckConstraint(
                condition=models.Q(
                    ("shredded_at", None), models.Q(("master", ""), ("retired_at", None), ("wrapped", b"")), _connector="OR"
                ),
                name="of_a_shredded_key_nothing_is_left",
            ),
        ),
    ]
