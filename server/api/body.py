"""Bodies of requests: JSON into a strict model, or a refusal that names every wrong field."""

from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from server.i18n import N_
from server.refusals import Refusal

M = TypeVar("M", bound=BaseModel)

_SENTENCES = {
    "missing": N_("Wajib diisi."),
    "extra_forbidden": N_("Isian ini tidak dikenal."),
    "string_too_long": N_("Terlalu panjang."),
    "string_too_short": N_("Wajib diisi."),
    "too_long": N_("Terlalu banyak."),
}
WRONG = N_("Isian ini keliru.")


async def read_json(request: web.Request, model: type[M]) -> M:
    """Raises Refusal: 400 for what is no JSON object, 422 with ``fields`` for one that does not fit."""
    try:
        return model.model_validate_json(await request.read())
    except ValidationError as error:
        first = error.errors(include_url=False)
        if any(not e["loc"] for e in first):
            raise Refusal(400, "bad_request", detail=first[0]["type"]) from error
        fields = {".".join(map(str, e["loc"])): _SENTENCES.get(e["type"], WRONG) for e in first}
        raise Refusal(422, "bad_fields", fields=fields) from error
