"""State to plain JSON values and back, driven by the dataclasses' own annotations.

Serves the snapshots of the meeting: whatever is frozen thaws to an equal value. It knows dataclasses, enums,
dicts with text keys, lists, tuples, optional values and the scalars of JSON; nothing else is state.
"""

import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
_PLAIN = frozenset({type(None), bool, int, float, str})
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def freeze(value: Any) -> Json:
    """A JSON value; raises TypeError for a value that is not state."""
    kind = type(value)
    if kind in _PLAIN:
        return value  # type: ignore[no-any-return]
    if kind is dict:
        return {str(k): freeze(v) for k, v in value.items()}
    if kind is list or kind is tuple:
        return [freeze(v) for v in value]
    if isinstance(value, Enum):
        return str(value.value)
    if is_dataclass(kind):
        return {name: freeze(getattr(value, name)) for name in _names(kind)}
    raise TypeError(f"not state: {kind!r}")


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind))


def thaw(kind: type[T], value: Json) -> T:
    """The value that ``freeze`` was given; raises ValueError, TypeError or KeyError for anything else."""
    thawing: Any = kind
    result: T = _thaw(thawing)(value)
    return result


@cache
def _thaw(kind: Any) -> Callable[[Any], Any]:
    if hasattr(kind, "__supertype__"):
        return _thaw(kind.__supertype__)
    origin, args = get_origin(kind), get_args(kind)
    if origin is Union or origin is types.UnionType:
        (inner,) = (_thaw(a) for a in args if a is not type(None))
        return lambda v: None if v is None else inner(v)
    if origin is list:
        (inner,) = map(_thaw, args)
        return lambda v: [inner(x) for x in v]
    if origin is tuple:
        inner = _thaw(args[0])
        return lambda v: tuple(inner(x) for x in v)
    if origin is dict:
        inner = _thaw(args[1])
        return lambda v: {k: inner(x) for k, x in v.items()}
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        parts = {f.name: _thaw(hints[f.name]) for f in fields(kind)}
        build: Any = kind
        return lambda v: build(**{name: part(v[name]) for name, part in parts.items()})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    return lambda v: v
