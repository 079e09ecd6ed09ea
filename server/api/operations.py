"""One operation of the API: the handler's own annotations say what it reads and answers.

``served`` makes a handler of aiohttp's from an operation; ``server.api.document`` describes it from the same
models. A handler takes the request and, by these names, ``query`` and ``body``, and returns a model:
``async def find(request, query: Saring) -> HalamanCatatan``; or, of a ``kind`` that is no JSON, ``bytes``.
What it refuses is told by ``server.answers``.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_type_hints

from aiohttp import web
from pydantic import BaseModel

from server.api.notes_access import answered
from server.auth.guard import Handler
from server.planning.catatan import Form, Formulir, parse
from server.refusals import Refusal

JSON = "application/json"


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    """Below ``api/v1/``."""
    name: str
    """In ``server.access.ROUTES``."""
    handler: Callable[..., Awaitable[BaseModel | bytes]]
    summary: str
    """Indonesian, for the document's readers."""
    status: int = 200
    refused: tuple[int, ...] = ()
    """Statuses of its refusals, besides those that follow from its shape."""
    kind: str = JSON
    """Content type of its answer."""

    @cached_property
    def models(self) -> Mapping[str, type[BaseModel]]:
        """``return`` if that is a model and, if it takes them, ``query`` and ``body``."""
        hints = {name: hint for name, hint in get_type_hints(self.handler).items() if hint is not bytes}
        return {name: hints[name] for name in ("query", "body", "return") if name in hints}

    @property
    def query(self) -> type[Formulir] | None:
        return self.models.get("query")  # type: ignore[return-value]

    @property
    def body(self) -> type[Formulir] | None:
        return self.models.get("body")  # type: ignore[return-value]

    @property
    def answer(self) -> type[BaseModel] | None:
        return self.models.get("return")


def served(operation: Operation) -> Handler:
    """Reads what the operation takes (400, 413, 422), answers with its model as JSON, or with bytes."""

    async def handle(request: web.Request) -> web.Response:
        given: dict[str, BaseModel] = {}
        with answered():
            if operation.query is not None:
                given["query"] = query_of(request, operation.query)
            if operation.body is not None:
                given["body"] = parse(operation.body, await body_of(request))
            result = await operation.handler(request, **given)
        body = result if isinstance(result, bytes) else result.model_dump_json().encode()
        return web.Response(body=body, status=operation.status, content_type=operation.kind)

    return handle


def query_of(request: web.Request, form: type[Form]) -> Form:
    """The address's query without what is empty. Raises Refusal."""
    with answered():
        return parse(form, {name: value for name, value in request.query.items() if value.strip()})


async def body_of(request: web.Request) -> dict[str, Any]:
    """Raises Refusal for what is no JSON object."""
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError) as error:
        raise Refusal(400, "bad_request", detail=type(error).__name__) from error
    if not isinstance(body, dict):
        raise Refusal(400, "bad_request", detail="not an object")
    return body
