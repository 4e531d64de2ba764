"""Keyed tokens: without the key they tell nothing."""

from __future__ import annotations

import hashlib
import hmac
import os
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practice.models.people import address_token
from vault import tokens

ONE, OTHER = b"1" * 32, b"2" * 32


def under(key: bytes, kind: str, text: str) -> bytes:
    with patch.object(tokens, "key_for", return_value=(None, key)):
        return tokens.token(kind, text)


@given(st.text(min_size=1))
def test_attack_94_another_key_gives_other_tokens(text: str) -> None:
    assert under(ONE, "name", text) == under(ONE, "name", text) != under(OTHER, "name", text)


def test_attack_94_kinds_do_not_share_tokens() -> None:
    assert len({under(ONE, kind, "marchetti") for kind in ("name", "mail", "phone", "code", "address")}) == 5


def test_attack_94_a_dictionary_without_the_key_finds_nothing(db: None) -> None:
    """The stored token of an address is none of the hashes that a thief can compute."""
    stored = address_token("cleo@mail.test")
    guesses = [hashlib.new(name, b"cleo@mail.test").hexdigest()[:32] for name in ("md5", "sha1", "sha256", "sha512")]
    guesses += [hmac.digest(key, b"cleo@mail.test", "sha256").hex()[:32] for key in (b"", b"tokens", os.urandom(32))]
    assert stored not in guesses
    assert stored == address_token(" CLEO@mail.test ")


def test_fingerprints_differ_from_tokens_and_by_text(db: None) -> None:
    one = tokens.fingerprint("note", "a")
    assert len(one) == 32
    assert one == tokens.fingerprint("note", "a") != tokens.fingerprint("note", "b")
    assert not one.startswith(tokens.token("note", "a"))


@pytest.mark.parametrize("text", ["", "\0", "\u202e", "x" * 100_000])
def test_any_text_has_a_token(db: None, text: str) -> None:
    assert len(tokens.token("name", text)) == 16
