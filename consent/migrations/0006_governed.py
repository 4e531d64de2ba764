"""Admins see which version of a form each client was asked, and where that stands: rows, whose words stay sealed to them."""

from importlib import import_module

from django.db import migrations

from audit.lock import policy

lock = import_module("clients.migrations.0002_lock")

GOVERNED = f"{lock.role('admin')} AND {lock.not_denied('consent_request.client_id')}"


class Migration(migrations.Migration):
    dependencies = [("consent", "0005_certificate")]
    operations = [policy("consent_request", "governed", on="SELECT", using=GOVERNED)]
