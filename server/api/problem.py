"""Refusals on the wire: problem details (RFC 9457) with a stable ``code``, in one model."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from server.planning.shapes import Catatan
from server.refusals import Refusal

CONTENT_TYPE = "application/problem+json"
CODES_AT = "/api/v1/"
"""The page that says what each code means."""


class Problem(BaseModel):
    """What was refused, and why; nothing was changed."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="where the code is explained")
    title: str = Field(description="a sentence for the person who waits")
    status: int
    code: str = Field(description="stable, for programs")
    fields: dict[str, str] = Field(description="field -> what is wrong with it")


class Bentrok(Problem):
    """Somebody else was first: merge ``stored`` and ``sent``, send that with the version of ``stored``."""

    stored: Catatan | None = Field(
        default=None, description="as it is now; absent where this reader may not see it"
    )
    sent: dict[str, Any] | None = Field(default=None, description="what this request wanted")


def body_of(refusal: Refusal, title: str, fields: Mapping[str, str]) -> str:
    """JSON."""
    problem = Problem(
        type=f"{CODES_AT}#{refusal.code}",
        title=title,
        status=refusal.status,
        code=refusal.code,
        fields=dict(fields),
        **refusal.more,
    )
    return problem.model_dump_json()
