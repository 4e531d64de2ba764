"""Files for the servers' account, written by somebody who may be root."""

import stat
from pathlib import Path

from ops.keeper import find_keeper


def test_a_link_left_by_the_account_is_replaced_not_followed(tmp_path: Path) -> None:
    target, link = tmp_path / "shadow", tmp_path / "postgresql.conf"
    target.write_text("untouched")
    link.symlink_to(target)
    find_keeper(tmp_path / "none").write(link, "port = 1")
    assert target.read_text() == "untouched"
    assert link.read_text() == "port = 1"
    assert stat.S_IMODE(link.stat().st_mode) == 0o600


def test_the_servers_never_run_as_root(tmp_path: Path) -> None:
    assert find_keeper(tmp_path / "none").uid != 0
