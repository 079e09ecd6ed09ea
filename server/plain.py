"""Text that people typed, as it may be kept and shown: nothing that hides, turns around or breaks a line.

Databases and spreadsheets choke on NUL, control characters and lone surrogates, so these are refused. Marks
of writing direction come along unseen when somebody pastes from a chat; they could make a name read backwards
on the chair's screen, so they are left out.
"""

import unicodedata

_REFUSED = frozenset({"Cc", "Cs", "Zl", "Zp"})
_DIRECTIONS = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def plain(text: str) -> str:
    """The text without marks of direction. Raises ValueError for what cannot be kept."""
    if any(unicodedata.category(letter) in _REFUSED and letter not in "\n\t" for letter in text):
        raise ValueError("control character")
    return text.translate(_DIRECTIONS)
