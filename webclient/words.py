"""Gathers every string of the screens into ``locales/rembug.pot``: ``python -m webclient.words``.

Templates, scripts and the server's own sentences share one catalogue. Places in the sources are left out and
the order is alphabetical, so that the file changes only when a string does.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

ROOT = Path(__file__).resolve().parent.parent
POT = ROOT / "webclient" / "locales" / "rembug.pot"

_METHODS = [
    ("webclient/templates/**.html", "jinja2"),
    ("webclient/static/js/**.js", "javascript"),
    ("server/**.py", "python"),
]
_KEYWORDS = {"_": None, "N_": None, "t": None, "gettext": None}


def gather(root: Path = ROOT) -> bytes:
    """The catalogue of all strings, as the text of a ``.pot`` file."""
    catalog = Catalog(project="Rembug", charset="utf-8")
    for top in ("server", "webclient/static", "webclient/templates"):
        folder = root / top
        found = extract_from_dir(
            folder,
            method_map=[
                (pattern.removeprefix(f"{top}/"), method)
                for pattern, method in _METHODS
                if pattern.startswith(top)
            ],
            options_map={},
            keywords=_KEYWORDS,
        )
        for _file, _line, message, _comments, context in found:
            catalog.add(message, context=context)
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
