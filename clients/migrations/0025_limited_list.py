"""A grant of its own for the limited list of a professional executor: who somebody is and how to reach them, and no part of the record."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0024_destroyed"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="client",
            options={
                "default_permissions": (),
                "permissions": [
                    ("counsel", "counsels the client"),
                    ("supervise", "supervises the client's counselor"),
                    ("cover", "covers for the counselor"),
                    ("execute", "goes on for the counselor, by the limited list"),
                    ("portal_self", "is the client"),
                    ("portal_represent", "represents the client"),
                ],
            },
        ),
    ]
