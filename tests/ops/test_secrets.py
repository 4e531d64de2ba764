"""Secrets are made once, closed to others, and never replaced under a database."""

import base64
import stat
from pathlib import Path

import pytest

from ops.refusal import Refusal
from ops.secrets import BOUND_TO_DATABASE, MAKERS, read_secret, settle_secrets, write_secret


def test_each_secret_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    settle_secrets(tmp_path, has_database=False)
    assert {path.name for path in tmp_path.iterdir()} == set(MAKERS)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_the_master_key_has_a_name_and_32_bytes(tmp_path: Path) -> None:
    settle_secrets(tmp_path, has_database=False)
    name, _, key = read_secret(tmp_path, "MASTER_KEYS").partition(":")
    assert name == "m1"
    assert len(base64.urlsafe_b64decode(key)) == 32


def test_what_is_there_stays(tmp_path: Path) -> None:
    write_secret(tmp_path / "MASTER_KEYS", "m7:kept")
    settle_secrets(tmp_path, has_database=False)
    assert read_secret(tmp_path, "MASTER_KEYS") == "m7:kept"


@pytest.mark.parametrize("name", BOUND_TO_DATABASE)
def test_a_lost_secret_with_a_database_is_refused_and_nothing_is_made(tmp_path: Path, name: str) -> None:
    settle_secrets(tmp_path, has_database=False)
    (tmp_path / name).unlink()
    with pytest.raises(Refusal, match=f"no {name}"):
        settle_secrets(tmp_path, has_database=True)
    assert not (tmp_path / name).exists()


def test_a_refusal_names_no_value(tmp_path: Path) -> None:
    settle_secrets(tmp_path, has_database=False)
    values = [read_secret(tmp_path, name) for name in MAKERS]
    (tmp_path / "MASTER_KEYS").unlink()
    with pytest.raises(Refusal) as refused:
        settle_secrets(tmp_path, has_database=True)
    assert not any(value in str(refused.value) for value in values)


def test_an_empty_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "SECRET_KEY").touch()
    with pytest.raises(Refusal, match="missing or empty"):
        read_secret(tmp_path, "SECRET_KEY")
