"""What a start does between the servers and the web: migrations, static files, the demo practice."""

import os
import subprocess
import sys
from collections.abc import Mapping

from ops.environment import OWNER_ONLY, TRAIL_ONLY, WEB_ONLY, WORKER_ONLY, chosen_parts, contract, has_own_database, is_given
from ops.house import CHECKOUT, House
from ops.refusal import Refusal

HIDDEN = {
    "owner": (*WORKER_ONLY, *TRAIL_ONLY),
    "web": (*WORKER_ONLY, *OWNER_ONLY, *TRAIL_ONLY),
    "worker": (*WEB_ONLY, *OWNER_ONLY),
    "keeper": (*WEB_ONLY, *WORKER_ONLY),  # sees every row, and signs with the key of the trail
}
AS = {"keeper": "owner"}
AS_WORKER = ("verify_trail", "export_trail", "declare_trail")  # they read every line, and need the key of the trail
AS_OWNER = ("vault",)  # web and worker may add data keys and never change one
AS_KEEPER = ("backup", "restore")


def do_chores(house: House, environ: Mapping[str, str], demo: bool) -> None:
    """Bring database, static files and demo to where the web can open. Raises Refusal with the reason of a failure.

    Of several machines, one that is not told the owner's address leaves the database as it is.
    """
    told, builds = contract(house, environ), has_own_database(environ) or is_given(environ, "DATABASE_URL_OWNER")
    if builds:
        _build(house, told, environ)
    if "web" in chosen_parts(environ):
        manage(house, told, "web", "collectstatic", "--no-input", "--verbosity", "0")
    if builds and is_given(told, "DATABASE_URL"):
        (_furnish if demo else _bring_forms)(house, told, environ)


def _build(house: House, told: Mapping[str, str], environ: Mapping[str, str]) -> None:
    say("Bringing the database up to date")
    manage(house, told, "owner", "migrate", "--no-input", "--verbosity", "0")
    if not has_own_database(environ):
        for words in warnings(house, told):
            print(f"Warning: {words}", flush=True)


def manage(house: House, told: Mapping[str, str], role: str, *arguments: str) -> None:
    """Run one management command as a database role. Raises Refusal when it fails."""
    hidden = HIDDEN[role]
    with open(house.log / "start.log", "ab") as log:
        log.write(f"manage.py {' '.join(arguments)}\n".encode())
        log.flush()
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=CHECKOUT,
            env={**{key: value for key, value in told.items() if key not in hidden}, "SUBROSA_AS": AS.get(role, role)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=False,
        )
    if done.returncode:
        raise Refusal(f"`manage.py {arguments[0]}` failed:\n{_last_lines(house)}\nAll of it: {house.log / 'start.log'}")


def warnings(house: House, told: Mapping[str, str]) -> list[str]:
    """What the check of a database server that is not ours warns of, with what to do about it; also in start.log."""
    log = house.log / "start.log"
    before = log.stat().st_size if log.exists() else 0
    manage(house, told, "web", "check", "--database", "default")
    with open(log, "rb") as lines:
        lines.seek(before)
        said = lines.read().decode(errors="replace").splitlines()
    found = [line.partition(") ")[2] for line in said if "(vault.W" in line]
    hints = dict.fromkeys(line.partition("HINT: ")[2] for line in said if "HINT: " in line)
    return [*found, *hints] if found else []


def role_of(arguments: list[str]) -> str:
    """The database role that a command of `manage.py` runs as."""
    asked = arguments[0] if arguments else ""
    found = {"worker": AS_WORKER, "owner": AS_OWNER, "keeper": AS_KEEPER}
    return next((role for role, commands in found.items() if asked in commands), "web")


def become_manage(house: House, environ: Mapping[str, str], arguments: list[str]) -> None:
    """Turn this process into `manage.py`, with this house's environment and the database role of the command. Does not return."""
    role = role_of(arguments)
    told = {key: value for key, value in contract(house, environ).items() if key not in HIDDEN[role]}
    os.execve(sys.executable, [sys.executable, str(CHECKOUT / "manage.py"), *arguments], {**told, "SUBROSA_AS": AS.get(role, role)})  # noqa: S606  (no shell is the point)


def say(text: str) -> None:
    """One line of progress for the person at the keyboard."""
    print(f"{text} …", flush=True)


def _furnish(house: House, told: Mapping[str, str], environ: Mapping[str, str]) -> None:
    """The command can be repeated and resumes; the stamp only saves its seconds at later starts on our own server."""
    stamp = house.data / "demo.done"
    if not any(CHECKOUT.glob("*/management/commands/demo.py")) or (has_own_database(environ) and stamp.exists()):
        return
    say("Furnishing the demo practice (only at the first start)")
    manage(house, told, "web", "demo")
    stamp.touch()


def _bring_forms(house: House, told: Mapping[str, str], environ: Mapping[str, str]) -> None:
    """The templates of consent forms, as drafts, at a practice's first start; later they come by the command alone."""
    stamp = house.data / "forms.done"
    if has_own_database(environ) and stamp.exists():
        return
    manage(house, told, "web", "consent_templates")
    stamp.touch()


def _last_lines(house: House) -> str:
    return "\n".join((house.log / "start.log").read_text(errors="replace").splitlines()[-6:])
