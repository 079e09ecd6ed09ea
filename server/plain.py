"""Text that people typed, as it may be kept and shown: nothing that hides, turns around or breaks a line.

Databases and spreadsheets choke on NUL, control characters and lone surrogates, so these are refused. Marks
of writing direction come along unseen when somebody pastes from a chat; they could make a name read backwards
on the chair's screen, so they are left out.
"""

import re

_REFUSED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_NOT_IN_FILES = re.compile(r"[^A-Za-z0-9._]+")
_DIRECTIONS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """The text without marks of direction. Raises ValueError for what cannot be kept."""
    if _REFUSED.search(text):
        raise ValueError("control character")
    return _DIRECTIONS.sub("", text)


def one_line(text: str) -> str:
    """As ``plain``, for names and topics: what breaks lines in it becomes a space."""
    return " ".join(plain(text).split())


def file_part(text: str) -> str:
    """As a part of a file's name: plain letters, figures, dots and dashes."""
    return _NOT_IN_FILES.sub("-", text).strip("-")
