"""The night's backup is made when the worker asked, by a process that alone knows the owner's address, one at a time."""

from pathlib import Path
from unittest.mock import patch

import pytest

from ops import night
from ops.house import open_house


def test_a_backup_is_begun_when_it_is_asked_for_and_not_twice(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = open_house(place / "var")
    with patch.object(night.subprocess, "Popen") as started:
        started.return_value.poll.return_value = None
        watch = night.Night(house, {})
        watch.look()
        assert not started.called
        for _ in range(2):
            (house.var / night.ASKED).touch()
            watch.look()
        assert started.call_count == 1
        environ = started.call_args.kwargs["env"]
        assert environ["SUBROSA_AS"] == "owner"
        assert {"DATABASE_URL_OWNER_FILE", "TRAIL_KEY_FILE"} <= set(environ)
        assert not {"DATABASE_URL_FILE", "DATABASE_URL_WORKER_FILE"} & set(environ)
        started.return_value.poll.return_value = 1
        watch.look()
        assert started.call_count == 2  # what was asked for meanwhile
