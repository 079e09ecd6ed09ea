"""The API as its own document says it is: requests made up from the document, answers held against it.

``examine`` asks every operation with data that fits its schema and with data that does not, and once more
with addresses and places that exist, so that each also answers what it is for. What it finds is what
schemathesis' checks say: a status that is not in the document, an answer that does not fit its schema, a 5xx.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
]


@dataclass
class Examined:
    asked: int = 0
    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    """Operation -> how often it answered what."""
    failures: list[str] = field(default_factory=list)
    """The first failure of an operation."""

    @property
    def unreached(self) -> list[str]:
        """Operations that never did what they are for: then their answers were not looked at."""
        return [name for name, seen in self.statuses.items() if not any(200 <= s < 300 for s in seen)]


def examine(url: str, key: str, known: Mapping[str, str], examples: int, only: str = "") -> Examined:
    """``known``: name of a path parameter -> one that exists. ``examples`` of each operation and mode;
    ``only`` of this one.

    Blocking; the server runs elsewhere or in another thread.
    """
    found = Examined()
    schema = schemathesis.openapi.from_url(f"{url}/api/v1/openapi.json")
    headers = {"Authorization": f"Bearer {key}"}
    for result in schema.get_all_operations():
        operation: Any = result.ok()  # type: ignore[union-attr]
        if only not in ("", operation.label):
            continue
        seen = found.statuses.setdefault(operation.label, Counter())
        try:
            for mode in GenerationMode:
                _asked(operation, mode, headers, known, examples, seen)
            _without_a_key(operation, known, headers)
        except (Exception, BaseExceptionGroup) as failure:
            found.failures.append(f"{operation.label}: {failure}")
        found.asked += seen.total()
    return found


def _asked(
    operation: Any,
    mode: GenerationMode,
    headers: Mapping[str, str],
    known: Mapping[str, str],
    examples: int,
    seen: Counter[int],
) -> None:
    @seed(1)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        for steered in (False, True):
            if steered:
                _steer(case, known)
            answer = case.call(headers=headers)
            seen[answer.status_code] += 1
            case.validate_response(answer, checks=CHECKS, headers=headers)

    ask()


def _steer(case: Any, known: Mapping[str, str]) -> None:
    """To what exists: the rest stays as it was made up."""
    given_paths = case.path_parameters or {}
    case.path_parameters = {name: known.get(name, value) for name, value in given_paths.items()}
    if case.method == "POST" and isinstance(case.body, dict):
        case.query = {"sesi": known["room"]}
        places = {"kode_wilayah", "bidang", "sub_bidang", "sumber_dana", "konsep_id", "seat_id", "until_at"}
        case.body = {name: value for name, value in case.body.items() if name not in places}
        if isinstance(case.body.get("instant"), dict):
            case.body["instant"] = {"spoken_at": 5_000}
        if "jenis" in case.body:
            case.body["ucapan"] = "Jembatan gantung kami rusak."
        if "lain" in case.body:
            case.body["lain"] = known["lain"]
    elif case.method == "PATCH" and isinstance(case.body, dict):
        case.body = {"version": case.body.get("version"), "judul": "Jembatan"}


def _without_a_key(operation: Any, known: Mapping[str, str], headers: Mapping[str, str]) -> None:
    """What needs a key answers 401 without one, and with a wrong one."""
    case = operation.Case(path_parameters=dict(known))
    answer = case.call(headers=headers)
    case.validate_response(answer, checks=[ignored_auth], headers=headers)
