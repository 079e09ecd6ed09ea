"""Words in the reader's language. Indonesian is the source; a catalogue may replace it.

Catalogues are gettext ``.po`` files in ``webclient/locales/``, read as they are: nothing needs compiling. The
same catalogue serves Python, the templates and, in a page's boot data, the scripts.
"""

from collections.abc import Mapping
from pathlib import Path

from babel.messages.pofile import read_po

SOURCE = "id"


def N_(msgid: str) -> str:
    """Marks text for extraction; it is translated where it is shown."""
    return msgid


class Words:
    """One language."""

    def __init__(self, language: str, catalogue: Mapping[str, str]) -> None:
        self.language = language
        self.catalogue = catalogue

    @classmethod
    def load(cls, directory: Path, language: str) -> "Words":
        """Raises FileNotFoundError for a language without a catalogue."""
        if language == SOURCE:
            return cls(language, {})
        with (directory / f"{language}.po").open("rb") as file:
            messages = read_po(file, locale=language)
        return cls(
            language, {str(m.id): str(m.string) for m in messages if m.id and m.string and not m.fuzzy}
        )

    def gettext(self, msgid: str) -> str:
        return self.catalogue.get(msgid, msgid)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Indonesian has one form for both; a catalogue's single texts serve until one needs more."""
        return self.gettext(singular if number == 1 else plural)

    def __call__(self, msgid: str, **values: object) -> str:
        """The text, with ``%(name)s`` replaced by ``values``."""
        text = self.gettext(msgid)
        return text % values if values else text
