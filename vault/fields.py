"""Sealed model fields. The value is opened when the attribute is read, not when the row is loaded."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from . import blob, gate
from .keys import Keyhole, KeyMissing, KeyShredded, data_key, key_for

DESTROYED = "(destroyed)"


class Sealed:
    """A value still shut. Says nothing about itself."""

    __slots__ = ("blob",)

    def __init__(self, value: bytes) -> None:
        self.blob = value

    def __repr__(self) -> str:
        return "<sealed>"


class SealedModel(models.Model):
    """A row with sealed fields: its id is made before the insert and its version is part of every seal."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def __reduce__(self) -> Any:
        """Refuse to be pickled: what was opened would leave the process in plain text."""
        raise TypeError("A row with sealed fields is never pickled.")

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Save; a change of any sealed field opens and re-seals all of them under the next row version."""
        sealed = {field.attname for field in self.sealed_fields()}
        touches = update_fields is None or sealed & set(update_fields)
        if touches and not self._state.adding:
            for name in sealed:
                getattr(self, name)
            self.version += 1
        if update_fields is not None and touches:
            update_fields = {*update_fields, *sealed, "version"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def keyhole(self) -> Keyhole:
        """The data key this row's sealed fields use."""
        raise NotImplementedError(f"{type(self).__name__} must say whose key it uses")

    @classmethod
    def sealed_fields(cls) -> list[SealedField]:
        """The sealed fields of this model, from its own metadata."""
        return [field for field in cls._meta.concrete_fields if isinstance(field, SealedField)]


class SealedAttribute(DeferredAttribute):
    """Opens a sealed value at the moment it is read."""

    field: SealedField

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = instance.__dict__[self.field.attname] = self.field.unseal(instance, value)
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        # With a setter, reading always comes through here, even where the row's dict holds a value.
        instance.__dict__[self.field.attname] = value


if TYPE_CHECKING:
    _Bytes = models.BinaryField[Any, Any]  # what a sealed attribute reads as is its subclass's business
else:
    _Bytes = models.BinaryField


class SealedField(_Bytes):
    """Base of the sealed fields; subclasses say how a value becomes bytes. ``compartment`` overrides the row's own."""

    descriptor_class = SealedAttribute

    def __init__(self, *args: Any, compartment: str = "", **kwargs: Any) -> None:
        self.compartment = compartment
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.compartment:
            kwargs["compartment"] = self.compartment
        return name, path, args, kwargs

    def get_lookup(self, lookup_name: str) -> Any:
        """Only "is it there": comparing ciphertext would find nothing and mean nothing."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def dump(self, value: Any) -> bytes:
        """Turn a Python value into the bytes to seal."""
        raise NotImplementedError

    def load(self, text: bytes) -> Any:
        """Turn unsealed bytes back into the Python value."""
        raise NotImplementedError

    def destroyed(self, gone: KeyShredded) -> Any:
        """What stands where the row's own key was destroyed. Raises ``gone``, unless a word can say so."""
        raise gone

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        if value is None:
            return None
        sealed = Sealed(bytes(value))
        if opening := gate.glance():
            with suppress(blob.SealBroken):  # a spoilt value raises when it is read: the rest of the row still shows
                opening.wanted.add(blob.key_id(sealed.blob))
        return sealed

    def _place(self, row: SealedModel, hole: Keyhole) -> str:
        return f"{hole.owner}|{hole.compartment}|{hole.holder}|{self._label}|{row.pk}|{row.version}"

    def _hole(self, row: SealedModel) -> Keyhole:
        hole = row.keyhole()
        return Keyhole(hole.owner, self.compartment, None) if self.compartment else hole

    @property
    def _label(self) -> str:
        return f"{self.model._meta.label_lower}.{self.attname}"

    def _open(self, row: SealedModel, value: Sealed, hole: Keyhole) -> bytes:
        gate.current().admit(hole.owner)
        raw = data_key(blob.key_id(value.blob))
        return blob.unseal(value.blob, data_key=raw, label=self._label, place=self._place(row, hole))

    def unseal(self, row: SealedModel, value: Sealed) -> Any:
        """Open ``value`` of ``row``; raises DoorClosed without a door, SealBroken if it is not this row's own."""
        hole = self._hole(row)
        try:
            return self.load(self._open(row, value, hole))
        except KeyShredded as gone:
            if gone.hole != hole:  # the value names another's destroyed key: that is no destruction, it is damage
                raise KeyMissing from None
            return self.destroyed(gone)

    def look(self, row: SealedModel, value: Sealed) -> None:
        """Raise SealBroken if ``value`` of ``row`` does not open, whether it was destroyed or damaged; tell nothing of what it says."""
        self.load(self._open(row, value, self._hole(row)))

    def reseal(self, row: SealedModel, value: Sealed) -> Sealed | None:
        """``value`` under the key of its keyhole today, at the same row version, looked at again; None where it stands so already.

        Raises SealBroken if it does not open.
        """
        hole = self._hole(row)
        text, (ident, raw), place = self._open(row, value, hole), key_for(hole), self._place(row, hole)
        if blob.key_id(value.blob) == ident and value.blob[0] == blob.VERSION:
            return None
        anew = Sealed(blob.seal(text, data_key=raw, key_id=ident, label=self._label, place=place))
        if self._open(row, anew, hole) != text:
            raise blob.SealBroken
        return anew

    def pre_save(self, model_instance: Any, add: bool) -> Sealed | None:
        value = model_instance.__dict__[self.attname]
        if value is None or isinstance(value, Sealed):
            return value
        hole = self._hole(model_instance)
        if hole.owner != gate.PRACTICE:
            gate.current().admit(hole.owner)
        ident, raw = key_for(hole)
        place = self._place(model_instance, hole)
        return Sealed(blob.seal(self.dump(value), data_key=raw, key_id=ident, label=self._label, place=place))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Let only sealed bytes through, so that ``update()`` and ``bulk_update()`` cannot write plain text past ``save()``."""
        if value is not None and not isinstance(value, Sealed):
            raise TypeError("A sealed field is written by save() alone.")
        return super().get_db_prep_value(value and value.blob, connection, prepared)

    def value_from_object(self, obj: Any) -> Any:
        return getattr(obj, self.attname)


class SealedText(SealedField):
    """Sealed text; an empty text is sealed as well, so that absence shows only where null is allowed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not kwargs.get("null"):
            kwargs.setdefault("default", str)
        super().__init__(*args, **kwargs)

    def _check_str_default_value(self) -> list[Any]:
        return []

    def get_default(self) -> Any:
        return None if self.null else ""

    def dump(self, value: str) -> bytes:
        return value.encode()

    def load(self, text: bytes) -> str:
        return text.decode()

    def destroyed(self, gone: KeyShredded) -> str:
        """A word, so that a list which holds such a row still opens. It is never saved: there is no key to seal it with."""
        return DESTROYED


class SealedDate(SealedField):
    """A sealed calendar date."""

    def dump(self, value: datetime.date) -> bytes:
        return value.isoformat().encode()

    def load(self, text: bytes) -> datetime.date:
        return datetime.date.fromisoformat(text.decode())


class SealedJSON(SealedField):
    """A sealed JSON value (dict by default)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not kwargs.get("null"):
            kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)

    def get_default(self) -> Any:
        return None if self.null else {}

    def dump(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()

    def load(self, text: bytes) -> Any:
        return json.loads(text)


class SealedBytes(SealedField):
    """Sealed bytes, such as a file's."""

    def dump(self, value: bytes) -> bytes:
        return value

    def load(self, text: bytes) -> bytes:
        return text
