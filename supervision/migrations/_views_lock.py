"""The second lock on de-identified views: the counselor's, and while one stands the colleague's; shared, nothing of it changes (SU-2)."""

from __future__ import annotations

from importlib import import_module

from audit.lock import freeze, grant, guard, policy, sql

lock = import_module("clients.migrations.0002_lock")
VIEW, KEYS = "supervision_deidentifiedview", "vault_datakey"
FREE = lock.not_denied("client_id")
TEAM, COUNSEL = lock.granted("client_id"), lock.granted("client_id", "'counsel', 'cover'")
STANDS = "shared_at IS NOT NULL AND ended_at IS NULL AND until > now()"
ASKED = f"colleague_id = subrosa_actor() AND {STANDS} AND {lock.role('counselor', 'supervisor')} AND {FREE}"
CONSULTED = lock.function("subrosa_consulted", "client uuid", f"""EXISTS (SELECT 1 FROM {VIEW} v WHERE v.client_id = client
    AND v.colleague_id = subrosa_actor() AND v.shared_at IS NOT NULL AND v.ended_at IS NULL AND v.until > now())""")  # fmt: skip
KEY = f"compartment = 'consult' AND holder IS NULL AND {lock.not_denied('vault_datakey.owner')}"
FINAL = "client_id, colleague_id, made_by_id, made_at, days, question, pseudonym, texts, work, shared_at, until"
SAME = ", ".join(f"OLD.{name}" for name in FINAL.split(", ")), ", ".join(f"NEW.{name}" for name in FINAL.split(", "))
SHARED = f"""CREATE TRIGGER shared_is_final BEFORE UPDATE ON {VIEW} FOR EACH ROW
    WHEN (OLD.shared_at IS NOT NULL AND ({SAME[0]}) IS DISTINCT FROM ({SAME[1]})) EXECUTE FUNCTION subrosa_refuse_change();
CREATE TRIGGER row_stays BEFORE DELETE ON {VIEW} FOR EACH ROW EXECUTE FUNCTION subrosa_refuse_change()"""

LOCKS = [
    grant(VIEW, web="SELECT, INSERT, UPDATE (version, question, pseudonym, texts, work, shared_at, until, ended_at)"),
    guard(VIEW),
    freeze(VIEW, when="OLD.ended_at IS NOT NULL", name="ended_is_final"),
    sql(SHARED, f"DROP TRIGGER row_stays ON {VIEW}; DROP TRIGGER shared_is_final ON {VIEW}"),
    policy(VIEW, "team", on="SELECT", using=TEAM),
    policy(VIEW, "asked", on="SELECT", using=ASKED),
    policy(VIEW, "made", on="INSERT", check=f"made_by_id = subrosa_actor() AND shared_at IS NULL AND {COUNSEL}"),
    policy(VIEW, "worked_on", on="UPDATE", using=f"made_by_id = subrosa_actor() AND {COUNSEL}"),
    sql(CONSULTED, "DROP FUNCTION subrosa_consulted(uuid)"),
    policy(
        KEYS, "consult", on="SELECT", using=f"{KEY} AND ({lock.granted('vault_datakey.owner')} OR subrosa_consulted(vault_datakey.owner))"
    ),
]
