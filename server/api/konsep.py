"""Autosaved drafts of the note form: one per open form, seen by the link that typed it and by nobody else."""

import json

from aiohttp import web

from server.auth.guard import IDENTITY
from server.kept import DRAFTS
from server.keys import NOW
from server.planning.shapes import konsep_json, konsep_text
from server.refusals import Refusal
from server.store.konsep import TooMany

MOST_BYTES = 64 * 1024


async def find(request: web.Request) -> web.Response:
    """``GET api/konsep``."""
    drafts = await request.app[DRAFTS].list(request[IDENTITY].grant_id)
    items = ", ".join(konsep_text(draft) for draft in drafts)
    return web.json_response(text=f'{{"items": [{items}]}}')


async def one(request: web.Request) -> web.Response:
    """``GET api/konsep/{id}``."""
    draft = await request.app[DRAFTS].get(request[IDENTITY].grant_id, _id(request))
    if draft is None:
        raise Refusal(404, "not_found")
    return web.json_response(konsep_json(draft))


async def save(request: web.Request) -> web.Response:
    """``PUT api/konsep/{id}``: ``{"body": {...}}`` or the form's fields themselves, of any shape."""
    raw = await request.read()
    if len(raw) > MOST_BYTES:
        raise Refusal(413, "too_large")
    try:
        body = json.loads(raw)
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise Refusal(400, "bad_request", detail=type(error).__name__) from error
    if not isinstance(body, dict):
        raise Refusal(400, "bad_request", detail="not an object")
    content = body["body"] if set(body) == {"body"} and isinstance(body["body"], dict) else body
    grant_id, now = request[IDENTITY].grant_id, request.app[NOW]()
    try:
        draft = await request.app[DRAFTS].put(grant_id, _id(request), content, at=now)
    except TooMany as error:
        raise Refusal(409, "too_many", detail=f"drafts of {grant_id}") from error
    return web.json_response(konsep_json(draft))


async def drop(request: web.Request) -> web.Response:
    """``DELETE api/konsep/{id}``: 204, also when it was not there."""
    await request.app[DRAFTS].delete(request[IDENTITY].grant_id, _id(request))
    return web.Response(status=204)


def _id(request: web.Request) -> str:
    konsep_id = request.match_info["id"]
    if len(konsep_id) > 64 or not konsep_id.isprintable():
        raise Refusal(404, "not_found")
    return konsep_id
