"""What every answer has in common: refusals in their shape, security headers, caching.

Two layers around all handlers, put on in ``server.app``. Only same-origin scripts and styles run; nothing is
framed; camera and microphone are for this origin alone.
"""

import logging
import re

from aiohttp import web

from server.api import problem
from server.auth.guard import Handler
from server.keys import WORDS
from server.pages.render import NONCE, PAGES
from server.refusals import Refusal

log = logging.getLogger(__name__)

_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}")
_JSON_PATHS = re.compile(
    r"/api/v1/.+|(/s/[^/]+|/kerja)/(sesi/[^/]+/)?(api|media|clips|paparan|ws|gladi)(/|$)|/healthz$|/metrics$"
)
_LINK_CODES = frozenset({"no_such_link", "no_cookie", "revoked", "expired"})
"""Refusals after which only another link helps."""
_HTTP_CODES = {400: "bad_request", 404: "not_found", 405: "bad_request", 413: "too_large"}


@web.middleware
async def refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer refusals and failures in the one shape of ``server.refusals``."""
    try:
        return await handler(request)
    except Refusal as refusal:
        if refusal.detail:
            log.info(
                "refused status=%d code=%s path=%s detail=%s",
                refusal.status,
                refusal.code,
                request.path,
                refusal.detail,
            )
        return _answer(request, refusal)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        allow = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
        code = _HTTP_CODES.get(error.status, "bad_request")
        return _answer(request, Refusal(error.status, code, headers=allow))
    except ConnectionResetError:
        log.info("gone method=%s path=%s", request.method, request.path)
        return _answer(request, Refusal(400, "bad_request"))
    except Exception:
        log.exception("failed method=%s path=%s", request.method, request.path)
        return _answer(request, Refusal(500, "unavailable"))


def _answer(request: web.Request, refusal: Refusal) -> web.Response:
    words = request.app[WORDS]
    message = words(refusal.message)
    if _JSON_PATHS.match(request.path):
        fields = {name: words(text) for name, text in refusal.fields.items()}
        return web.Response(
            text=problem.body_of(refusal, message, fields),
            status=refusal.status,
            content_type=problem.CONTENT_TYPE,
            headers=refusal.headers,
        )
    template = "tautan_salah.html" if refusal.code in _LINK_CODES else "galat.html"
    return request.app[PAGES].response(template, status=refusal.status, kode=refusal.code, pesan=message)


async def headers(request: web.Request, response: web.StreamResponse) -> None:
    """Security and caching headers on every answer; the least on scripts and styles, which are many."""
    response.headers.pop("Server", None)  # a weight on every answer, and nobody's business
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if request.path.startswith("/static/") and response.status < 400:
        return
    response.headers.setdefault("Cache-Control", "no-store")
    # Only what a page itself names: never a file that somebody sent in, though it lies below the same origin.
    scripts = f"'nonce-{response[NONCE]}'" if NONCE in response else "'none'"
    own = request.host if _HOST.fullmatch(request.host) else ""
    sockets = f" ws://{own} wss://{own}" if own else ""
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src {scripts}; style-src 'self'; worker-src 'self'; font-src 'self'; "
        "img-src 'self' blob: data:; media-src 'self' blob:; "
        f"connect-src 'self'{sockets}; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = (
        "camera=(self), microphone=(self), geolocation=(self), payment=()"
    )
