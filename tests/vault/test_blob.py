"""One sealed value as bytes: what opens, what does not, and what its length tells."""

from __future__ import annotations

import uuid

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from vault import blob, gate
from vault.blob import SealBroken

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
IDENT = uuid.UUID(int=7)


def sealed(text: bytes = b"under the rose", **changed: object) -> bytes:
    given = {"data_key": KEY, "key_id": IDENT, "label": "records.note.content", "place": "here|1"} | changed
    return blob.seal(text, **given)  # type: ignore[arg-type]  # a dict of keywords


def checked(value: bytes) -> bytes:
    """Opened as a field opens it: the head is looked at first."""
    blob.key_id(value)
    return opened(value)


def opened(value: bytes, **changed: object) -> bytes:
    given = {"data_key": KEY, "label": "records.note.content", "place": "here|1"} | changed
    return blob.unseal(value, **given)  # type: ignore[arg-type]  # a dict of keywords


@given(st.text())
def test_any_text_comes_back_as_it_was(text: str) -> None:
    assert opened(sealed(text.encode())).decode() == text


@given(st.binary(max_size=70_000))
def test_any_bytes_come_back_as_they_were(text: bytes) -> None:
    assert opened(sealed(text)) == text


def test_a_text_that_looks_like_padding_or_length_comes_back() -> None:
    for text in (b"", b"\0", b"\0" * 300, b"\xff" * 252, b"x" * 65532, b"x" * 65533, b"x" * 200_000):
        assert opened(sealed(text)) == text


def test_lengths_fall_into_six_classes_at_most() -> None:
    lengths = {len(sealed(b"x" * size)) for size in range(0, 65_000, 97)}
    assert len(lengths) <= 6


def test_a_short_and_a_shorter_text_have_the_same_length() -> None:
    assert len(sealed(b"no")) == len(sealed(b"yes, and for eleven years, every single evening"))


def test_attack_89_every_flipped_bit_raises_and_never_gives_garbage() -> None:
    value = sealed()
    for place in range(len(value)):
        for bit in (1, 128):
            broken = bytearray(value)
            broken[place] ^= bit
            with pytest.raises(SealBroken):
                checked(bytes(broken))


def test_attack_89_a_truncated_or_longer_value_raises() -> None:
    value = sealed()
    for broken in (b"", value[:1], value[:29], value[:-1], value[: len(value) // 2], value + b"\0"):
        with pytest.raises(SealBroken):
            checked(broken)


@pytest.mark.parametrize("changed", [{"place": "there|1"}, {"place": "here|2"}, {"label": "records.note.title"}, {"data_key": OTHER_KEY}])
def test_attack_88_another_place_version_column_or_key_does_not_open(changed: dict[str, object]) -> None:
    with pytest.raises(SealBroken):
        opened(sealed(), **changed)


def test_attack_94_nonces_are_distinct_and_equal_texts_look_different() -> None:
    values = [sealed() for _ in range(2000)]
    assert len({value[17:29] for value in values}) == len(values)
    assert len({value[29:] for value in values}) == len(values)


def test_a_version_below_the_minimum_or_beyond_ours_is_refused() -> None:
    value = sealed()
    assert blob.key_id(value) == IDENT
    with override_settings(VAULT_MINIMUM_VERSION=2), pytest.raises(SealBroken):
        blob.key_id(value)
    for version in (0, 2, 255):
        with pytest.raises(SealBroken):
            blob.key_id(bytes([version]) + value[1:])


def test_what_did_not_open_is_not_quoted() -> None:
    with pytest.raises(SealBroken) as caught:
        opened(sealed(), data_key=OTHER_KEY)
    assert str(caught.value) == "A sealed value did not open."
    assert caught.value.__suppress_context__


def test_a_door_keeps_a_cipher_for_each_key_and_use_and_takes_it_along_when_it_closes() -> None:
    with gate.open_by(gate.Opening()) as opening:
        value = sealed()
        assert opened(value) == b"under the rose"
        for changed in ({"data_key": OTHER_KEY}, {"label": "records.note.other"}):
            with pytest.raises(SealBroken):
                opened(value, **changed)
        assert set(opening.ciphers) == {(KEY, "records.note.content"), (OTHER_KEY, "records.note.content"), (KEY, "records.note.other")}
    with gate.open_by(gate.Opening()) as another:
        assert not another.ciphers
