"""What an ordinary form posts: texts by name, within limits."""

from aiohttp import web

from server.refusals import Refusal

MOST_FIELDS = 500


async def texts(request: web.Request) -> dict[str, str]:
    """The last text of each name. Raises Refusal for anything else than text."""
    return {name: values[-1] for name, values in (await lists(request)).items()}


async def lists(request: web.Request) -> dict[str, list[str]]:
    """All texts of each name, in their order. Raises Refusal."""
    fields: dict[str, list[str]] = {}
    posted = await request.post()
    if len(posted) > MOST_FIELDS:
        raise Refusal(413, "too_large")
    for name, value in posted.items():
        if not isinstance(value, str) or "\x00" in value:
            raise Refusal(400, "bad_request", detail="not text")
        fields.setdefault(name, []).append(value)
    return fields
