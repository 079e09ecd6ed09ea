"""JSON of the WebSocket to dataclasses and back; the shapes are in PROTOCOL.md.

Driven by the command dataclasses themselves: their snake_case names are the types, their fields the schema.
What comes in is checked strictly (no unknown field, no coercion, bounded text) before anything else sees
it. Who may send what is ``server.access``; nothing here knows it.
"""

import dataclasses
import json
import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NewType, TypeVar, get_args, get_type_hints

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    create_model,
)

from rooms.ids import CommandId, DeviceId, SeatId
from rooms.media.plane import Pictures
from rooms.meeting import commands
from rooms.meeting.commands import Command
from server.plain import one_line, plain

M = TypeVar("M", bound=BaseModel)

PROTOCOL = 1
MOST_BYTES = 64 * 1024
"""Size of one message in UTF-8."""
MOST_TEXT = 2000
MOST_NAME = 120
MOST_TOPIC = 200
MOST_CAPTION = 160
MOST_IDS = 500
UNNAMED = "unnamed"
"""The device of who does not say which one it is."""


class Malformed(ValueError):
    """Not a message of this protocol.

    ``code`` is stable: ``malformed`` (not a JSON object with a type), ``too_large``, ``unknown_type``,
    ``bad_fields``. ``command_id`` is the sender's where it could be read.
    """

    def __init__(self, code: str, detail: str = "", command_id: str | None = None) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.command_id = command_id


@dataclass(frozen=True, slots=True)
class Resume:
    epoch: int
    seq: int


@dataclass(frozen=True, slots=True)
class Hello:
    resume: Resume | None


@dataclass(frozen=True, slots=True)
class Give:
    """A command with the id that makes it happen once."""

    type: str
    command_id: CommandId
    command: Command


@dataclass(frozen=True, slots=True)
class Ping:
    type: str = "ping"


@dataclass(frozen=True, slots=True)
class MediaState:
    can_publish: bool
    device: DeviceId
    type: str = "media_state"


@dataclass(frozen=True, slots=True)
class TakeSeat:
    type: str = "take_seat"


@dataclass(frozen=True, slots=True)
class MediaMode:
    peer_id: str
    mode: Pictures
    type: str = "media_mode"


@dataclass(frozen=True, slots=True)
class PageState:
    """What the people at a seat's device have before them, for the desks that help them."""

    gambar: Pictures
    mikrofon: Literal["nyala", "mati", "tanpa", "telepon"]
    kamera: Literal["nyala", "mati", "tanpa"]
    suara: Literal["terbuka", "tertahan"]
    """Whether the browser plays what comes."""
    tampak: bool
    """The page is in front."""
    type: str = "page_state"


@dataclass(frozen=True, slots=True)
class Caption:
    """A line that is being said, for those who read it; empty: no line any more."""

    text: str
    type: str = "takarir"


ClientMessage = Give | Ping | MediaState | MediaMode | PageState | TakeSeat | Caption


_ID = r"^[A-Za-z0-9._:-]{1,64}$"
_Id = Annotated[str, StringConstraints(pattern=_ID)]


def _text(most: int, least: int = 0) -> Any:
    bounds = StringConstraints(max_length=most, min_length=least, strip_whitespace=True)
    return Annotated[str, bounds, AfterValidator(plain)]


def _line(most: int, least: int = 0) -> Any:
    """A text on one line: rows of papers, which are not torn by a page's end, are as high as it is long."""
    bounds = StringConstraints(max_length=most, min_length=least, strip_whitespace=True)
    return Annotated[str, bounds, AfterValidator(one_line)]


_OTHER_TEXT = _text(MOST_TEXT)
_TEXTS: dict[str, Any] = {
    "nama": _line(MOST_NAME, 1),
    "jabatan": _line(MOST_NAME),
    "topic": _line(MOST_TOPIC),
    "reason": _line(MOST_TOPIC),
    "jawaban": _text(MOST_TEXT, 1),
}
"""Names and topics are on everybody's screen; the bounds are those of the forms."""
_Count = Annotated[int, Field(ge=-(10**9), le=10**15)]
_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)


def type_of(command: type[Command]) -> str:
    """``RequestTurn`` -> ``request_turn``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", command.__name__).lower()


def _wire_type(hint: Any, name: str = "", default: object = None) -> Any:
    """The type of the field ``name`` with the bounds that the wire sets."""
    if name == "nama" and default == "":
        return _line(MOST_NAME)
    if isinstance(hint, NewType):
        return _Id
    if hint is str:
        return _TEXTS.get(name, _OTHER_TEXT)
    if hint is int:
        return _Count
    parts = get_args(hint)
    if parts and parts[-1] is Ellipsis and isinstance(parts[0], NewType):
        return Annotated[tuple[_Id, ...], Field(max_length=MOST_IDS)]
    if len(parts) == 2 and parts[1] is type(None):
        return _wire_type(parts[0]) | None
    return hint


def _model(command: type[Command]) -> type[BaseModel]:
    hints = get_type_hints(command)
    fields: dict[str, Any] = {
        f.name: (
            _wire_type(hints[f.name], f.name, f.default),
            ...
            if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
            else f.default,
        )
        for f in dataclasses.fields(command)
        if f.default_factory is dataclasses.MISSING
    }
    return create_model(command.__name__, __config__=_STRICT, command_id=(_Id, ...), **fields)


COMMANDS: dict[str, type[Command]] = {type_of(c): c for c in get_args(commands.Command)}
_MODELS: dict[str, type[BaseModel]] = {name: _model(c) for name, c in COMMANDS.items()}


class _Position(BaseModel):
    model_config = _STRICT
    epoch: int = Field(ge=0, le=2**53)
    seq: int = Field(ge=0, le=2**53)


class _HelloModel(BaseModel):
    model_config = _STRICT
    protocol: int = Field(ge=PROTOCOL, le=PROTOCOL)
    resume: _Position | None = None


class _PingModel(BaseModel):
    model_config = _STRICT


class _MediaStateModel(BaseModel):
    model_config = _STRICT
    can_publish: bool
    device: _Id = UNNAMED


class _MediaModeModel(BaseModel):
    model_config = _STRICT
    peer_id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    mode: Pictures


class _PageStateModel(BaseModel):
    model_config = _STRICT
    gambar: Pictures
    mikrofon: Literal["nyala", "mati", "tanpa", "telepon"]
    kamera: Literal["nyala", "mati", "tanpa"]
    suara: Literal["terbuka", "tertahan"]
    tampak: bool


class _CaptionModel(BaseModel):
    model_config = _STRICT
    text: Annotated[
        str, StringConstraints(max_length=MOST_CAPTION, strip_whitespace=True), AfterValidator(plain)
    ]


def read_hello(text: str) -> Hello:
    """Raises Malformed."""
    fields = _object(text)
    if fields.pop("type") != "hello":
        raise Malformed("unknown_type", "the first message is hello")
    model = _validate(_HelloModel, fields)
    return Hello(Resume(model.resume.epoch, model.resume.seq) if model.resume else None)


def read(text: str, own_seat: SeatId | None) -> ClientMessage:
    """One message after ``hello``.

    ``own_seat`` is the seat of the sender's link: it replaces whatever ``seat_id`` was sent. Raises
    Malformed.
    """
    fields = _object(text)
    name = fields.pop("type")
    match name:
        case "ping":
            _validate(_PingModel, fields)
            return Ping()
        case "media_state":
            state = _validate(_MediaStateModel, fields)
            return MediaState(state.can_publish, DeviceId(state.device))
        case "media_mode":
            chosen = _validate(_MediaModeModel, fields)
            return MediaMode(chosen.peer_id, chosen.mode)
        case "page_state":
            return PageState(**dict(_validate(_PageStateModel, fields)))
        case "takarir":
            return Caption(_validate(_CaptionModel, fields).text)
        case "take_seat":
            _validate(_PingModel, fields)
            return TakeSeat()
        case _ if name not in COMMANDS:
            raise Malformed("unknown_type", name[:80], _readable_id(fields))
    model = _MODELS[name]
    if own_seat is not None and "seat_id" in model.model_fields:
        fields["seat_id"] = own_seat
    given = _validate(model, fields)
    command_type = COMMANDS[name]
    values = {f: getattr(given, f) for f in model.model_fields if f != "command_id"}
    return Give(name, CommandId(fields["command_id"]), command_type(**values))


def _object(text: str) -> dict[str, Any]:
    if len(text) > MOST_BYTES or len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise Malformed("too_large")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Malformed("malformed", type(error).__name__) from error
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        raise Malformed("malformed", "not an object with a type")
    return value


def _validate(model: type[M], fields: dict[str, Any]) -> M:
    try:
        # JSON mode: enums come as text and tuples as arrays, everything else stays strict.
        return model.model_validate_json(json.dumps(fields))
    except (ValidationError, RecursionError) as error:
        where = ""
        if isinstance(error, ValidationError):
            where = "; ".join(".".join(map(str, e["loc"])) + " " + e["type"] for e in error.errors()[:5])
        raise Malformed("bad_fields", where, _readable_id(fields)) from error


def _readable_id(fields: dict[str, Any]) -> str | None:
    value = fields.get("command_id")
    return value if isinstance(value, str) and re.fullmatch(_ID, value) else None


def dump(type_: str, **fields: Any) -> str:
    """One message to a client."""
    return json.dumps({"type": type_, **fields}, ensure_ascii=False, separators=(",", ":"))


def dump_value(value: Any) -> str:
    """A section's value, so that it is serialised once for all who see it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def dump_view(epoch: int, seq: int, now: int, sections: dict[str, str]) -> str:
    """A view of sections that were serialised by ``dump_value``."""
    body = ",".join(f'"{name}":{value}' for name, value in sections.items())
    return f'{{"type":"view","epoch":{epoch},"seq":{seq},"now":{now},"sections":{{{body}}}}}'
