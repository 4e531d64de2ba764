"""A client of whom a code and a certificate are left."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0023_contact_safety"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="client",
            name="client_status_known",
        ),
        migrations.AlterField(
            model_name="client",
            name="status",
            field=models.CharField(
                choices=[
                    ("enquiry", "enquiry"),
                    ("intake", "intake"),
                    ("active", "active"),
                    ("discharged", "discharged"),
                    ("archived", "archived"),
                    ("destroyed", "destroyed"),
                ],
                default="enquiry",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="statusstep",
            name="became",
            field=models.CharField(
                choices=[
                    ("enquiry", "enquiry"),
                    ("intake", "intake"),
                    ("active", "active"),
                    ("discharged", "discharged"),
                    ("archived", "archived"),
                    ("destroyed", "destroyed"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="statusstep",
            name="was",
            field=models.CharField(
                choices=[
                    ("enquiry", "enquiry"),
                    ("intake", "intake"),
                    ("active", "active"),
                    ("discharged", "discharged"),
                    ("archived", "archived"),
                    ("destroyed", "destroyed"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["enquiry", "intake", "active", "discharged", "archived", "destroyed"])),
                name="client_status_known",
            ),
        ),
    ]
