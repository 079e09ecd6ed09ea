"""Gathers every string of the screens into ``locales/rembug.pot``: ``python -m webclient.words``.

Templates, scripts and the server's own sentences share one catalogue. Places in the sources are left out and
the order is alphabetical, so that the file changes only when a string does.
"""

import json
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

ROOT = Path(__file__).resolve().parent.parent
POT = ROOT / "webclient" / "locales" / "rembug.pot"

_KEYWORDS = {"_": None, "N_": None, "gettext": None}
_CALL = re.compile(r'(?<![\w.])t\(\s*("(?:[^"\\]|\\.)*")')
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def of_script(text: str) -> Iterator[str]:
    """The literals of ``t("...")``. Babel's own scanner overlooks a call inside the arguments of another."""
    for literal in _CALL.findall(_COMMENT.sub("", text)):
        yield json.loads(literal)


def gather(root: Path = ROOT) -> bytes:
    """The catalogue of all strings, as the text of a ``.pot`` file."""
    catalog = Catalog(project="Rembug", charset="utf-8")
    for folder, pattern, method in (
        ("server", "**.py", "python"),
        ("webclient/templates", "**.html", "jinja2"),
    ):
        found = extract_from_dir(root / folder, [(pattern, method)], keywords=_KEYWORDS)
        for _file, _line, message, _comments, context in found:
            catalog.add(message, context=context)
    for script in sorted((root / "webclient" / "static" / "js").rglob("*.js")):
        for message in of_script(script.read_text(encoding="utf-8")):
            catalog.add(message)
    text = BytesIO()
    write_po(text, catalog, no_location=True, sort_output=True, omit_header=True)
    return _HEADER + text.getvalue()


_HEADER = b"""# Strings of Rembug. The source is Indonesian; a translation is <language>.po beside this file.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


if __name__ == "__main__":
    POT.write_bytes(gather())
    sys.stdout.write(f"{POT.relative_to(ROOT)}\n")
