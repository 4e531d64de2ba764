"""By which channel a notice leaves, in which hours alone, and that it was stopped."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0010_supervision_licence"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="notice",
            name="claimed_before_sent",
        ),
        migrations.AddField(
            model_name="notice",
            name="channel",
            field=models.CharField(
                choices=[("mail", "mail"), ("sms", "text message"), ("voice", "call"), ("voicemail", "voicemail"), ("post", "post")],
                default="mail",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="hours",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AlterField(
            model_name="notice",
            name="state",
            field=models.CharField(
                choices=[("due", "due"), ("claimed", "being sent"), ("sent", "sent"), ("uncertain", "uncertain"), ("stopped", "stopped")],
                default="due",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["due", "stopped"]), ("claimed_at__isnull", False), _connector="OR"),
                name="claimed_before_sent",
            ),
        ),
    ]
