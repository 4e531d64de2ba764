"""What the parts are told, and what they are not."""

from pathlib import Path

import pytest

from ops import chores, parts
from ops.environment import chosen_parts, contract, exports, has_own_database, is_demo, needed_keys, plain
from ops.house import CHECKOUT, House, open_house
from ops.manager import Manager, configuration
from ops.parts import Part
from ops.refusal import Refusal
from ops.secrets import MAKERS, read_secret
from ops.servers import servers

THREE = dict.fromkeys(("DATABASE_URL", "DATABASE_URL_WORKER", "DATABASE_URL_OWNER"), "postgresql://db.example/subrosa")


def test_secrets_are_told_as_files(running: tuple[House, Manager]) -> None:
    house, _ = running
    told = contract(house, {"PATH": "/bin"})
    values = [read_secret(house.secrets, name) for name in MAKERS]
    assert Path(told["MASTER_KEYS_FILE"]).read_text().strip() in values
    assert not any(value in text for value in values for text in told.values())


def test_what_was_given_is_not_replaced(running: tuple[House, Manager]) -> None:
    told = contract(running[0], {**THREE, "SECRET_KEY_FILE": "/run/secret", "REDIS_URL": "rediss://queue.example"})
    assert told["DATABASE_URL"] == THREE["DATABASE_URL"]
    assert "DATABASE_URL_FILE" not in told
    assert told["SECRET_KEY_FILE"] == "/run/secret"
    assert told["REDIS_URL"] == "rediss://queue.example"


def test_the_lines_to_export_hold_no_secret(running: tuple[House, Manager]) -> None:
    house, _ = running
    printed = "\n".join(exports(house, {}))
    assert "DATABASE_URL_WORKER_FILE" in printed
    assert not any(read_secret(house.secrets, name) in printed for name in MAKERS)


def test_the_configuration_of_the_manager_holds_no_secret(running: tuple[House, Manager]) -> None:
    house, _ = running
    written = (house.var / "supervisord.conf").read_text()
    assert "postgres" in written
    assert not any(read_secret(house.secrets, name) in written for name in MAKERS)


def test_a_percent_sign_in_a_path_survives_the_manager(running: tuple[House, Manager]) -> None:
    written = configuration(running[0], [Part("odd", ["/a b/50%/run"], 1)])
    assert "command = '/a b/50%%/run'" in written


def test_tests_never_reach_a_database_from_outside(running: tuple[House, Manager]) -> None:
    house, _ = running
    told = plain(house, {**THREE, "DATABASE_URL_FILE": "/real", "SUBROSA_DEMO": "1"})
    assert str(house.server_sockets).replace("/", "%2F") in told["DATABASE_URL"]
    assert "DATABASE_URL_FILE" not in told


@pytest.mark.parametrize("missing", THREE)
def test_an_address_for_each_role_or_for_none(missing: str) -> None:
    with pytest.raises(Refusal, match=missing):
        has_own_database({name: value for name, value in THREE.items() if name != missing})


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, True),
        ({"SUBROSA_DEMO": "0"}, False),
        (THREE, False),
        ({**THREE, "SUBROSA_DEMO": "1"}, True),
        ({"SUBROSA_DEMO": ""}, True),
    ],
)
def test_a_server_of_ones_own_is_no_demo_unless_asked(environ: dict[str, str], expected: bool) -> None:
    assert is_demo(environ) is expected


def test_no_part_is_told_the_owner_of_the_database() -> None:
    assert all({"DATABASE_URL_OWNER", "DATABASE_URL_OWNER_FILE"} <= set(hidden) for hidden in parts.HIDDEN.values())


def test_the_web_process_is_not_told_the_key_of_the_trail() -> None:
    assert [name for name, hidden in parts.HIDDEN.items() if "TRAIL_KEY" in hidden and "TRAIL_KEY_FILE" in hidden] == ["web"]
    assert {"TRAIL_KEY", "TRAIL_KEY_FILE"} <= set(chores.HIDDEN["web"])


def test_commands_that_read_every_line_run_as_the_worker_and_no_other_does() -> None:
    found = {path.stem for path in CHECKOUT.glob("*/management/commands/*.py") if "require_worker()" in path.read_text()}
    assert found == set(chores.AS_WORKER)
    assert [chores.role_of(each) for each in (["verify_trail", "--fresh"], ["vault", "rotate-master"], ["first_admin", "vault"], [])] == [
        "worker",
        "owner",
        "web",
        "web",
    ]


def test_a_practice_on_its_own_server_must_bring_its_keys(place: Path) -> None:
    house = open_house(place / "var")
    given = {**THREE, "REDIS_URL": "rediss://queue.example", "SECRET_KEY": "given", "TRAIL_KEY_FILE": "/run/trail"}
    with pytest.raises(Refusal, match=r"^MASTER_KEYS must be given"), servers(house, given, []):
        pytest.fail("started without the key to its records")
    assert not list(house.secrets.iterdir())


def test_one_of_several_machines_needs_the_addresses_of_its_own_parts_alone() -> None:
    web = {"SUBROSA_PARTS": "web", "DATABASE_URL": THREE["DATABASE_URL"]}
    assert has_own_database(web) is False
    assert chosen_parts(web) == ("web",)
    assert needed_keys(web) == ["SECRET_KEY", "MASTER_KEYS"]
    worker = {"SUBROSA_PARTS": "worker, beat", "DATABASE_URL_WORKER": THREE["DATABASE_URL_WORKER"]}
    assert has_own_database(worker) is False
    assert "TRAIL_KEY" in needed_keys(worker)


@pytest.mark.parametrize(
    ("environ", "reason"),
    [
        ({"SUBROSA_PARTS": "web"}, "Give DATABASE_URL"),
        ({"SUBROSA_PARTS": "worker", "DATABASE_URL": THREE["DATABASE_URL"]}, "but not DATABASE_URL_WORKER"),
        ({"SUBROSA_PARTS": "web,oven", **THREE}, "There are web, worker, beat"),
    ],
)
def test_a_machine_that_lacks_the_address_of_its_parts_is_refused(environ: dict[str, str], reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        has_own_database(environ)


def test_without_a_choice_a_machine_runs_all_parts() -> None:
    assert chosen_parts({}) == ("web", "worker", "beat")
    assert needed_keys({}) == ["SECRET_KEY", "MASTER_KEYS", "TRAIL_KEY"]


def test_the_owners_address_is_no_need_of_a_machine_with_a_web_alone(
    running: tuple[House, Manager], monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(chores, "manage", lambda house, told, role, *arguments: done.append(f"{role}: {arguments[0]}"))
    chores.do_chores(running[0], {"SUBROSA_PARTS": "web", "DATABASE_URL": THREE["DATABASE_URL"]}, demo=False)
    assert done == ["web: collectstatic"]
    done.clear()
    chores.do_chores(running[0], {"SUBROSA_PARTS": "worker", "DATABASE_URL_WORKER": THREE["DATABASE_URL_WORKER"]}, demo=False)
    assert done == []
