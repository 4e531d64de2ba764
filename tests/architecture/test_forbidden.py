"""What nobody writes here: shortcuts around the walls, and ways for words to get out or scripts to get in."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from .source import ROOMS, ROOT, files, name, tree

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

# Pattern, where it may stand nevertheless, and why not elsewhere.
PYTHON = [
    (r"\.extra\(|RawSQL", set(), "SQL beside the ORM loses the join of access.py (attack 66)"),
    (r"mark_safe|SafeString|format_html\(", set(), "text is escaped by the template (attack 67)"),
    (r"\bpickle\b|\bmarshal\b|yaml\.load\(", set(), "data that runs as code"),
    (r"(?<![\w.])(eval|exec)\(", set(), "data that runs as code"),
    (r"get_objects_for_user|get_perms\(|ObjectPermissionChecker|assign_perm", set(), "guardian's shortcuts (attack 14)"),
    (r"\.has_perms?\(|permission_required|user_passes_test", set(), "the rule is a queryset in access.py"),
    (r"\.is_superuser\b|\.is_staff\b", set(), "no flag opens anything (attack 22)"),
    (r"csrf_exempt|xframe_options_exempt|csp_exempt", set(), "no page is exempt"),
    (r"login_not_required", {"audit/doors.py"}, "only @public says so"),
    (r"TemplateResponse\(", set(), "renders after the door is shut"),
    (r"django\.core\.cache|lru_cache\(maxsize=None\)", set(), "nothing of a client is cached"),
    (r"\bprint\(", set(), "words belong in the trail or the log"),
    (r"import (requests|httpx|urllib3)|urllib\.request|http\.client", set(), "nothing calls out (attack 99)"),
    (r"import socket", {"audit/patience.py"}, "nothing calls out (attack 99): there a connection that hangs is cut"),
    (r"HTTP_X_FORWARDED_FOR", {"audit/middleware.py"}, "one place believes one hop (attack 58)"),
    (r"datetime\.now\(|timezone\.now\(|utcnow\(", {"audit/clock.py"}, "the clock is injected (attack 39)"),
    (r"now\(\)\.date\(\)|date\.today\(|localdate\(\)", {"audit/tasks.py"}, "today is the practice's: clock.today()"),
    (r"\bsift\b", {"audit/doors.py", "records/search.py"}, "looking through text without a line about each is for the search alone"),
    (r"set_config|subrosa\.actor", {"audit/doors.py"}, "only a door tells the database who acts"),
]  # fmt: skip

TEMPLATE = [
    (r"\|\s*safe\b|autoescape off|\|\s*safeseq", "text is escaped (attack 67)"),
    (r"<script(?![^>]*\bsrc=)[^>]*>", "no inline script"),
    (r"<style\b|\sstyle\s*=", "no inline style"),
    (r"\son[a-z]+\s*=\s*[\"']", "no inline handler"),
    (r"javascript:", "no script in an address"),
    (r"(src|href|action)\s*=\s*[\"']?(https?:)?//", "nothing from other hosts"),
    (r"{%\s*(debug|load static_as)", "no debugging"),
    (r"{{\s*block\.super\s*}}.*<script", "no script by inheritance"),
]
# Django's own help texts are lists in HTML, written by us; a form of ours puts no typed text into a help text.
TRUSTED_MARKUP = {"_field.html": "|safe"}


@pytest.mark.parametrize(("pattern", "allowed", "why"), PYTHON, ids=[why for _, _, why in PYTHON])
def test_no_source_holds(pattern: str, allowed: set[str], why: str) -> None:
    found = {name(path) for path in files(*ROOMS) if re.search(pattern, _code(path))}
    assert found == allowed, why


@cache
def _code(path: Path) -> str:
    """The source without comments and docstrings."""
    copy = ast.parse(path.read_text())
    for node in ast.walk(copy):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(copy)


@pytest.mark.parametrize(("pattern", "why"), TEMPLATE, ids=[why for _, why in TEMPLATE])
def test_no_template_holds(pattern: str, why: str) -> None:
    found = [name(path) for path in TEMPLATES if re.search(pattern, _trusting(path), re.IGNORECASE)]
    assert found == [], why


@cache
def _trusting(path: Path) -> str:
    text = re.sub(r"{#.*?#}", "", path.read_text(), flags=re.DOTALL)
    return text.replace("field.help_text" + TRUSTED_MARKUP.get(path.name, "|safe "), "field.help_text")


def test_attack_67_no_help_text_is_made_of_what_was_typed() -> None:
    """The one place that trusts markup is fed by constants."""
    for path in files(*ROOMS):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.keyword) and node.arg == "help_text":
                assert not isinstance(node.value, ast.JoinedStr | ast.BinOp), f"{name(path)}:{node.value.lineno}"


def test_attack_67_no_value_stands_inside_a_script() -> None:
    scripts = [(path, block) for path in TEMPLATES for block in re.findall(r"<script.*?</script>", path.read_text(), re.DOTALL)]
    assert [name(path) for path, block in scripts if re.search(r">[^<]*{{", block)] == []


def test_attack_42_no_title_holds_a_value() -> None:
    """A title goes into histories, tabs and screens: it is written here, never filled in."""
    titles = [
        (path, text) for path in TEMPLATES for text in re.findall(r"{% block title %}(.*?){% endblock %}", path.read_text(), re.DOTALL)
    ]
    wrong = [f"{name(path)}: {text}" for path, text in titles if "{{" in text]
    assert wrong == []


def test_no_view_takes_rows_by_itself() -> None:
    """A view is given its rows by a door, or asks access.py; one looks up the second factors of the person it was given."""
    pages = [
        path for path in files(*ROOMS) if path.stem in ("views", "portal") or "views" in path.parts or name(path) == "clients/trail.py"
    ]
    taken = re.compile(r"\.objects\.(all|filter|exclude|get|first|last|in_bulk|values|values_list|annotate|raw)\b|_default_manager")
    assert {name(path) for path in pages if taken.search(_code(path))} == {"practice/views/factors.py"}


def test_no_raw_sql_beside_the_walls() -> None:
    found = {name(path) for path in files(*ROOMS) if re.search(r"\.raw\(|\.cursor\(\)", _code(path))}
    assert found <= {
        "audit/doors.py",
        "audit/keeping.py",
        "vault/planned.py",
        "audit/trail.py",
        "audit/tasks.py",
        "practice/health.py",
        "practice/throttle.py",
        "records/claims.py",  # asks the database about its own triggers
        "review/claims/database.py",  # and about its rights and policies
        "retention/database.py",  # a function of the database answers for many clients at once, with rows
        "vault/checks.py",  # asks the server for its settings
        "vault/keys.py",
        "vault/waiting.py",
    }


def test_celery_takes_json_alone_and_keeps_no_results() -> None:
    from config.celery import app

    assert (app.conf.task_serializer, app.conf.accept_content, app.conf.result_backend) == ("json", ["json"], None)
    assert app.conf.task_ignore_result
    assert app.conf.task_acks_late


def test_no_job_takes_clients_words() -> None:
    """A message holds ids only: a task's parameters are named for what they identify."""
    for path in files(*ROOMS):
        if path.stem == "tasks":
            nodes = [node for node in tree(path).body if isinstance(node, ast.FunctionDef) and node.decorator_list]
            wrong = [arg.arg for node in nodes for arg in node.args.args if not re.search(r"(ident|_id|pk|ids)$", arg.arg)]
            assert wrong == [], name(path)


def test_djangos_own_admin_and_debug_pages_are_not_in_the_house() -> None:
    assert not {"django.contrib.admin", "debug_toolbar", "django.contrib.sites"} & set(settings.INSTALLED_APPS)
    assert not settings.DEBUG


@pytest.mark.parametrize("path", sorted((ROOT / "static" / "js").glob("*.js")), ids=lambda path: path.name)
def test_attack_68_no_script_builds_markup_from_text(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\binnerHTML\b|outerHTML\s*=|insertAdjacentHTML|document\.write|\beval\(|new Function", text)
    assert not re.search(r"\blocalStorage\b|\bsessionStorage\b|indexedDB|caches\.", text), "words must not stay in the browser (attack 87)"
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "https://" not in text


def test_attack_77_nothing_is_framed_and_no_page_is_handed_a_window() -> None:
    """Previewed documents open no frames and no windows that can reach back."""
    for path in TEMPLATES:
        text = path.read_text()
        assert not re.search(r"<(iframe|object|embed|frame|portal)\b", text), name(path)
        assert all("noopener" in tag for tag in re.findall(r"<a[^>]*target=[^>]*>", text)), name(path)
    rules = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert rules["frame-ancestors"] == rules["default-src"] == rules["object-src"] == ["'none'"]
    assert "frame-src" not in rules
    assert settings.X_FRAME_OPTIONS == "DENY"


def test_a_form_in_a_part_of_a_page_has_the_token_of_the_page() -> None:
    """An include with ``only`` passes nothing on: its forms would be refused (403) by every real browser, and by no test client."""
    posting = {name(path).removeprefix("templates/") for path in TEMPLATES if "csrf_token" in path.read_text()}
    include = re.compile(r'{%\s*include\s+"([^"]+)"((?:"[^"]*"|[^%"])*)%}')
    found = [(name(path), *match) for path in TEMPLATES for match in include.findall(path.read_text()) if match[0] in posting]
    assert found
    assert [each for each in found if re.search(r"\bonly\s*$", each[2]) and "csrf_token=" not in each[2]] == []
