"""Templates to answers: Jinja with autoescape, and an error for every name that a template lacks."""

import secrets
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from server.i18n import Words
from server.static import Static

NONCE = web.ResponseKey("nonce", str)
"""Which scripts an answer wants, for its Content-Security-Policy."""


class Pages:
    def __init__(self, templates: Path, words: Words, static: Static) -> None:
        self._words = words
        self._environment = Environment(
            loader=FileSystemLoader(templates),
            autoescape=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals |= {"static": static.url, "modules": static.modules}
        # i18n's own functions: added to the environment by its extension, which types do not show.
        install: Any = self._environment
        install.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)

    def response(self, template: str, *, status: int = 200, **values: object) -> web.Response:
        """An HTML answer; raises jinja2.TemplateError, which is a fault of ours."""
        nonce = secrets.token_urlsafe(16)
        page = self._environment.get_template(template)
        html = page.render(lang=self._words.language, nonce=nonce, **values)
        response = web.Response(text=html, content_type="text/html", charset="utf-8", status=status)
        response[NONCE] = nonce
        response.enable_compression()
        return response


PAGES = web.AppKey("pages", Pages)
