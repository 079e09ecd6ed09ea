"""Text that people typed, as it can be printed: what has no shape in the papers' fonts is written in words.

The papers use only the fonts that come with the typesetter, so that they look the same on every machine.
Those have the Latin, Greek, Cyrillic, Hebrew and Arabic letters; an emoji or an ideogram is printed as its
number, ``[U+1F600]``, which loses nothing.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import fields, is_dataclass

PRINTED: tuple[tuple[int, int], ...] = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x370, 0x4FF),
    (0x5D0, 0x5EA),
    (0x621, 0x63A),
    (0x640, 0x64A),
    (0x660, 0x66D),
    (0x1E00, 0x1EFF),
    (0x2010, 0x203F),
    (0x20A0, 0x20BD),
    (0x2190, 0x21FF),
    (0x2200, 0x2240),
    (0x2260, 0x2267),
)
"""Code points, first and last, whose letters, figures and signs the fonts have."""
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")


def printable(text: str) -> str:
    """Lines and words as they are; controls and marks of direction are left out (``server.plain``)."""
    return "".join(_shape(sign) for sign in unicodedata.normalize("NFC", text))


def _shape(sign: str) -> str:
    if sign in "\n\t":
        return "\n" if sign == "\n" else " "
    kind = unicodedata.category(sign)
    if kind in _UNSEEN:
        return ""
    if kind != "Cn" and kind[0] != "M" and any(first <= ord(sign) <= last for first, last in PRINTED):
        return sign
    return f"[U+{ord(sign):04X}]"


def as_data(value: object) -> object:
    """Dataclasses, tuples and dicts as JSON has them, every text printable. Raises TypeError for the rest."""
    match value:
        case None | bool() | int():
            return value
        case str():
            return printable(value)
        case Mapping():
            return {str(key): as_data(item) for key, item in value.items()}
        case list() | tuple():
            return [as_data(item) for item in value]
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {field.name: as_data(getattr(value, field.name)) for field in fields(value)}
        case _:
            raise TypeError(f"nothing that a paper holds: {type(value).__name__}")
