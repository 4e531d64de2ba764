"""T35: every kind of mail that the code writes, through a real spool: no health word, no name, no telling practice, in any part of it."""

from __future__ import annotations

import ast
import email
import re
from collections.abc import Iterator
from email import policy
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from audit import doors
from messaging.neutral import telling_words
from practice import profile
from practice.actions import outbox
from practice.models import Practice
from tests.architecture.source import ROOMS, files, module_of, tree

pytestmark = pytest.mark.django_db
TELLING = "Bright Minds Trauma Therapy"
PLANTED = ["Cleopatra", "Marchetti", "F43.10", "Reyes", *TELLING.split()]
# Mail to those who work here may speak of work; nothing of it says what kind of work, or whose.
OF_WORK = {"practice", "record", "records", "session", "client", "supervisor", "privacy", "consent", "assessment"}
TYPED = {"messaging/actions/notices.py"}  # words that were handed over: asked one by one (test_notices), and what is typed in danger
FILLED = dict.fromkeys(("url", "until", "when", "what", "code", "words", "number"), "x")


def _calls() -> Iterator[tuple[str, str, str, str]]:
    """Module, kind, subject and body of everything that is queued, from the code itself: a new kind is here at once."""
    for path in files(*ROOMS):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("outbox.queue", "notify", "messaging.notify"):
                module = import_module(module_of(path))
                if str(path).endswith(tuple(TYPED)):
                    continue
                yield _resolved(module, node, path)


def _resolved(module: Any, node: ast.Call, path: Path) -> tuple[str, str, str, str]:
    kind = node.args[0].value if isinstance(node.args[0], ast.Constant) else str(getattr(module, ast.unparse(node.args[0])))
    names = [name for name in dir(module) if re.fullmatch(r"(SUBJECT|BODY|ATTENTION|LOOK)\w*", name)]
    used = [name for name in names if re.search(rf"\b{name}\b", ast.unparse(node))] or names
    texts = [str(getattr(module, name)).format(**FILLED) for name in used]
    assert texts, f"{path}: no words found for {kind}"
    return path.parent.parent.name, str(kind), texts[0] if len(texts) > 1 else "", "\n".join(texts)


def _said(raw: bytes) -> str:
    """Every header, every part, decoded."""
    mail = email.message_from_bytes(raw, policy=policy.default)
    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    assert not list(mail.iter_attachments())
    assert not any("html" in part.get_content_type() for part in mail.walk())  # so no picture that tells when it was opened
    return "\n".join([*(f"{name}: {value}" for name, value in mail.items()), *parts])


def test_t35_no_mail_tells_of_health_of_whom_or_of_which_practice(tmp_path: Path) -> None:
    Practice.objects.update(name=TELLING)
    profile.forget()
    calls = list(_calls())
    kinds = {kind for _, kind, _, _ in calls}
    assert {"portal", "paper", "message", "breach", "release", "code", "moved", "reset", "invitation", "emergency"} <= kinds
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.filebased.EmailBackend", EMAIL_FILE_PATH=str(tmp_path)):
        with doors.system("test"):
            for _, kind, subject, body in calls:
                outbox.queue(kind[:30], "somebody@mail.test", subject, body)
            outbox.queue("control", "somebody@mail.test", "Your therapy with Ana Reyes", "Cleopatra")
        assert outbox.send_due() == len(calls) + 1
    [spool] = tmp_path.iterdir()
    mails = [_said(part.strip() + b"\n") for part in spool.read_bytes().split(b"-" * 79) if part.strip()]
    assert len(mails) == len(calls) + 1
    words = {word.casefold() for word in PLANTED} | (telling_words() - OF_WORK)
    found = [sorted(words & set(re.findall(r"[\w.]+", said.casefold()))) for said in mails]
    told = [each for each in found if each]
    assert told == [["cleopatra", "reyes", "therapy"]]  # the control alone
