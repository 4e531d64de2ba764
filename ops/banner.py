"""What the person at the keyboard reads when everything answers."""

from pathlib import Path

from ops.house import CHECKOUT, House

PASSWORD = "under the rose 2026"  # noqa: S105  (of invented people, printed on purpose; a practice never has them)
ACCOUNTS = {
    "counselor@demo.test": "Ana, counselor",
    "colleague@demo.test": "Ben, counselor, not on Ana's cases",
    "supervisor@demo.test": "Sofia, supervisor",
    "desk@demo.test": "Dee, front desk",
    "admin@demo.test": "Ada, privacy officer",
    "client@demo.test": "Cleo, client",
    "guardian@demo.test": "Gus, representative",
}


def banner(house: House, site: str, demo: bool) -> str:
    """The address, the demo accounts (in the demo), and where mail and logs are."""
    lines = ["", f"Sub Rosa is open at {site}", ""]
    if demo:
        lines += [f"Demo accounts, all with the password: {PASSWORD}"]
        lines += [f"  {mail:<22} {who}" for mail, who in ACCOUNTS.items()] + [""]
    lines += [f"Mail it sends lands in {_near(house.var / 'mail')}, logs are in {_near(house.log)}."]
    if house.data != house.var:
        lines += [f"The database's account cannot enter this directory, so the data is in {house.data}."]
    return "\n".join([*lines, "Ctrl-C stops everything.", ""])


def _near(path: Path) -> str:
    return str(path.relative_to(CHECKOUT)) if path.is_relative_to(CHECKOUT) else str(path)
