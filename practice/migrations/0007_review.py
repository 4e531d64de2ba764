"""How clients are told who opened their record, and until when somebody holds one open in an emergency."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0006_minors_alone"),
    ]

    operations = [
        migrations.AddField(
            model_name="practice",
            name="names_staff",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="user",
            name="emergency_until",
            field=models.DateTimeField(null=True),
        ),
    ]
