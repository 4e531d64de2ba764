"""A bundle says where the paper of a record is: the worker reads that while it packs."""

from importlib import import_module

from django.db import migrations

from audit.lock import WORKER, sql

out = import_module("moving.migrations._out_lock")


class Migration(migrations.Migration):
    dependencies = [("moving", "0003_files_in_parts"), ("paper", "0001_files")]
    operations = [
        *out.reads("paper_paperfile", "kind = 'main' AND subrosa_packed(paper_paperfile.client_id)"),
        sql(f"GRANT SELECT ON paper_cabinet TO {WORKER}", f"REVOKE SELECT ON paper_cabinet FROM {WORKER}"),
    ]
