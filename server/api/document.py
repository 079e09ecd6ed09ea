"""The OpenAPI 3.1 document of ``/api/v1``, made of the models that its handlers use."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from aiohttp import web
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from server.access import PROGRAMS, ROUTES, Scope
from server.api.operations import Operation
from server.api.problem import CODES_AT, CONTENT_TYPE, Bentrok, Problem
from server.api.v1 import OPERATIONS
from server.auth.guard import SAFE_METHODS
from server.keys import WORDS
from server.pages.render import PAGES
from server.refusals import MESSAGES

VERSION = "1.0.0"
_REFS = "#/components/schemas/{model}"
_WHY = {
    400: "Tidak dapat dibaca",
    401: "Kuncinya tidak ada atau tidak berlaku lagi",
    403: "Kuncinya tidak berwenang",
    404: "Tidak ada, atau tidak boleh dilihat",
    409: "Bertentangan dengan yang sudah ada",
    413: "Terlalu besar",
    422: "Ada isian yang keliru",
    429: "Terlalu banyak sekaligus",
    503: "Server sedang bermasalah; ulangi nanti",
}


async def show(request: web.Request) -> web.Response:
    """``GET /api/v1/openapi.json``."""
    return web.json_response(document())


async def page(request: web.Request) -> web.Response:
    """``GET /api/v1/``: the same for people, and what each code means."""
    words = request.app[WORDS]
    codes = [(code, words(message)) for code, message in MESSAGES.items()]
    return request.app[PAGES].response("api.html", dokumen=document(), kode=codes)


def for_programs(operation: Operation) -> bool:
    """Whether it is also at ``/api/v1/``."""
    return bool(ROUTES[operation.name] & PROGRAMS)


@cache
def document() -> dict[str, Any]:
    operations = [operation for operation in OPERATIONS if for_programs(operation)]
    schemas = _schemas(operations)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(f"/{operation.path}", {})[operation.method.lower()] = _described(operation, schemas)
    for operation in operations:
        if operation.query is not None:
            schemas.pop(operation.query.__name__, None)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Rembug",
            "version": VERSION,
            "description": "Catatan, usulan, sesi dan wilayah musrenbang untuk aplikasi lain. Kuncinya"
            " diberikan panitia. Waktu ialah milidetik sejak 1970 (UTC), uang rupiah bulat. Isian yang"
            " tidak dikenal ditolak. Setiap penolakan berbentuk RFC 9457 dengan `code` yang tetap.",
        },
        "servers": [{"url": CODES_AT.rstrip("/")}],
        "security": [{"kunci": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"kunci": {"type": "http", "scheme": "bearer"}},
        },
    }


def _schemas(operations: list[Operation]) -> dict[str, Any]:
    taken: list[type[BaseModel]] = []
    for operation in operations:
        taken += [model for name, model in operation.models.items() if name != "return"]
    answers = [operation.answer for operation in operations if operation.answer is not None]
    given: list[type[BaseModel]] = [*answers, Problem, Bentrok]
    pairs: list[tuple[type[BaseModel], JsonSchemaMode]] = []
    pairs += [(model, "validation") for model in dict.fromkeys(taken)]
    pairs += [(model, "serialization") for model in dict.fromkeys(given)]
    _, made = models_json_schema(pairs, ref_template=_REFS)
    schemas: dict[str, Any] = _without_empty_defaults(made["$defs"])
    return schemas


def _without_empty_defaults(schema: Any) -> Any:
    """``default: null`` says that a field may be left out, which ``required`` says already."""
    if isinstance(schema, Mapping):
        return {
            name: _without_empty_defaults(value)
            for name, value in schema.items()
            if not (name == "default" and value is None)
        }
    return [_without_empty_defaults(item) for item in schema] if isinstance(schema, list) else schema


def _described(operation: Operation, schemas: Mapping[str, Any]) -> dict[str, Any]:
    scope = Scope.BACA if operation.method in SAFE_METHODS else Scope.TULIS
    parameters = [_path_parameter(part[1:-1]) for part in operation.path.split("/") if part.startswith("{")]
    statuses = {401, 403, 429, *operation.refused}
    if parameters:
        statuses.add(404)
    if operation.query is not None:
        statuses.add(422)
        parameters += _query_parameters(schemas[operation.query.__name__])
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [operation.path.split("/")[0]],
        "security": [{"kunci": [scope.value]}],
    }
    if parameters:
        described["parameters"] = parameters
    if operation.body is not None:
        statuses |= {400, 413, 422}
        content = {"application/json": {"schema": _ref(operation.body)}}
        described["requestBody"] = {"required": True, "content": content}
    binary = {"type": "string", "format": "binary"}
    answer = binary if operation.answer is None else _ref(operation.answer)
    done = {"description": "Berhasil", "content": {operation.kind: {"schema": answer}}}
    refused = {str(status): _refusal(status) for status in sorted(statuses)}
    return described | {"responses": {str(operation.status): done} | refused}


def _refusal(status: int) -> dict[str, Any]:
    schema = _ref(Bentrok if status == 409 else Problem)
    return {"description": _WHY[status], "content": {CONTENT_TYPE: {"schema": schema}}}


def _path_parameter(name: str) -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z0-9._:-]+$"}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameters(schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    required = schema.get("required", ())
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "description": field.get("description", ""),
            "schema": {key: value for key, value in field.items() if key not in ("description", "title")},
        }
        for name, field in schema["properties"].items()
    ]


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REFS.format(model=model.__name__)}
