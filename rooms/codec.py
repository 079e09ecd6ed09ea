"""Events to stored bytes and back: a type name, a version, a skeleton and an erasable private part.

Driven by the event dataclasses themselves; what is stored is hashed as bytes and never re-serialised.
An event whose private part was erased decodes with empty words. Nothing here knows the meeting's rules.
"""

import dataclasses
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import get_args

from pydantic import TypeAdapter

from rooms.meeting import events
from rooms.meeting.events import Event

VERSION = 1


@dataclass(frozen=True, slots=True)
class Stored:
    type: str
    v: int
    skeleton: bytes
    private: bytes | None


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


_TYPES: tuple[type[Event], ...] = get_args(events.Event)
_BY_NAME: dict[str, type[Event]] = {_snake(t.__name__): t for t in _TYPES}
_NAME: dict[type[Event], str] = {t: name for name, t in _BY_NAME.items()}
_ADAPTER: dict[str, TypeAdapter[Event]] = {name: TypeAdapter(t) for name, t in _BY_NAME.items()}
_READ: dict[str, Callable[[bytes], Event]] = {
    name: adapter.validator.validate_json for name, adapter in _ADAPTER.items()
}
"""The adapters' own validators: opening a room decodes its whole tail."""
_PRIVATE: dict[str, frozenset[str]] = {
    name: frozenset(f.name for f in dataclasses.fields(t) if f.metadata.get("private"))
    for name, t in _BY_NAME.items()
}


class UnknownEvent(ValueError):
    """A stored type or version that this release cannot read."""


def type_name(event: Event) -> str:
    """The wire and journal name: ``TurnCalled`` -> ``turn_called``."""
    return _NAME[type(event)]


def encode(event: Event) -> Stored:
    name = type_name(event)
    words = _PRIVATE[name]
    skeleton = _ADAPTER[name].dump_json(event, exclude=set(words))
    private = {w: getattr(event, w) for w in sorted(words) if getattr(event, w)}
    return Stored(
        name, VERSION, skeleton, json.dumps(private, ensure_ascii=False).encode() if private else None
    )


def decode(stored: Stored) -> Event:
    """Raises UnknownEvent for a type or version written by a newer release."""
    read = _READ.get(stored.type)
    if read is None or stored.v > VERSION:
        raise UnknownEvent(f"{stored.type} v{stored.v}")
    return read(_whole(stored.skeleton, stored.private))


def _whole(skeleton: bytes, private: bytes | None) -> bytes:
    """One JSON object of both parts, put together as text so that it is parsed once."""
    if private is None or private == b"{}":
        return skeleton
    return private if skeleton == b"{}" else skeleton[:-1] + b"," + private[1:]
