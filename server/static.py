"""Scripts, styles and pictures of the web client, small and asked for once: rural lines carry them.

``/static/VERSION/path`` names one state of the whole folder: a browser keeps it for good, and the modules of
a page are never of two states. ``/static/path`` is the newest and asked for again each time. Files are read
at the start; each is made small (scripts without comments, then Brotli or gzip) when it is first wanted.
"""

import gzip
import hashlib
import mimetypes
import posixpath
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import brotli
import rjsmin
from aiohttp import hdrs, web

FOR_GOOD = "public, max-age=31536000, immutable"
_IMPORT = re.compile(rb'^(?:import|export)\b[^;"]*"(\.[^"]+)"', re.MULTILINE)
_SMALLER = ("text/", "image/svg")


@dataclass(frozen=True)
class File:
    """What is sent of one file, by Content-Encoding."""

    content_type: str
    etag: str
    bodies: dict[str, bytes]


class Static:
    """A folder as it stood at the start; raises KeyError for a path that it did not have then."""

    def __init__(self, folder: Path) -> None:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        self._raw = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
        state = hashlib.sha256()
        for name, raw in self._raw.items():
            state.update(f"{name} {len(raw)} ".encode() + raw)
        self.version = state.hexdigest()[:12]
        self.file = cache(self._file)
        self.modules = cache(self._modules)

    def url(self, path: str) -> str:
        """Where a file of this state is."""
        if path not in self._raw:
            raise KeyError(path)
        return f"/static/{self.version}/{path}"

    def _modules(self, path: str) -> tuple[str, ...]:
        """A module and all that it imports, itself first: to be asked for at once, not one by one."""
        found = {path: None}
        waiting = [path]
        while waiting:
            name = waiting.pop(0)
            for match in _IMPORT.finditer(self._raw[name]):
                other = posixpath.normpath(posixpath.join(posixpath.dirname(name), match[1].decode()))
                if other not in found:
                    found[other] = None
                    waiting.append(other)
        return tuple(found)

    def _file(self, path: str) -> File:
        raw = self._raw[path]
        content_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
        if content_type == "text/javascript":
            raw = rjsmin.jsmin(raw.decode()).encode()
        bodies = {"": raw}
        if content_type.startswith(_SMALLER):
            bodies |= {"br": brotli.compress(raw), "gzip": gzip.compress(raw, mtime=0)}
        return File(content_type, f'W/"{hashlib.sha256(raw).hexdigest()[:16]}"', bodies)


STATIC = web.AppKey("static", Static)


async def static_file(request: web.Request) -> web.Response:
    """``/static/..``: one file, in the smallest form that the browser takes."""
    path = request.match_info["path"]
    of_this_state = path.removeprefix(f"{request.app[STATIC].version}/")
    try:
        return sent(request, of_this_state, "no-cache" if of_this_state == path else FOR_GOOD)
    except KeyError:
        raise web.HTTPNotFound from None


def sent(request: web.Request, path: str, caching: str) -> web.Response:
    """The answer with a file, or 304; raises KeyError when there is none."""
    file = request.app[STATIC].file(path)
    headers = {hdrs.VARY: hdrs.ACCEPT_ENCODING, hdrs.CACHE_CONTROL: caching}
    if caching != FOR_GOOD:  # which nobody asks for again
        headers[hdrs.ETAG] = file.etag
    if request.headers.get(hdrs.IF_NONE_MATCH) == file.etag:
        return web.Response(status=304, headers=headers)
    wishes = request.headers.get(hdrs.ACCEPT_ENCODING, "").split(",")
    taken = {wish.partition(";")[0].strip() for wish in wishes}
    encoding = next((name for name in ("br", "gzip") if name in taken and name in file.bodies), "")
    if encoding:
        headers[hdrs.CONTENT_ENCODING] = encoding
    return web.Response(body=file.bodies[encoding], content_type=file.content_type, headers=headers)
