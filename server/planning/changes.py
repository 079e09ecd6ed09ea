"""Writing what differs between a note and what it is to be: one version, one line of history per field."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal

from server.planning.errors import VersionConflict
from server.store import catatan as rows
from server.store.catatan import Catatan, Riwayat
from server.store.engine import Connection


def differing(before: Catatan, values: Mapping[str, object]) -> dict[str, object]:
    """What ``before`` has otherwise."""
    was = asdict(before)
    return {name: value for name, value in values.items() if was[name] != value}


async def apply(
    connection: Connection,
    before: Catatan,
    values: Mapping[str, object],
    *,
    by: str,
    at: int,
    also: str | None = None,
    always: bool = False,
    note: str = "",
) -> None:
    """Write what differs as the next version, each field with its history; nothing when nothing differs.

    ``also``: a session that is concerned besides the note's own; ``always``: a new version even when no field
    differs; ``note``: stands with every line of history. Raises VersionConflict.
    """
    was, changed = asdict(before), differing(before, values)
    if not changed and also is None and not always:
        return
    history = [
        Riwayat(at, by, name, _text(was[name]), _text(value), note)
        for name, value in changed.items()
        if not name.endswith("_at")  # the history's own instant says it
    ]
    if not await rows.update_catatan(connection, before, changed):
        current = await rows.one(connection, before.id)
        assert current is not None, "notes are never deleted"
        raise VersionConflict(current)
    await rows.add_riwayat(connection, before.id, history)
    concerned = {before.room_id, *(mention.room_id for mention in before.penyebutan)}
    await rows.touch_rooms(connection, concerned | ({also} if also else set()))


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case Decimal():
            return format(value, "f")
        case float():
            return format(value, ".6f")
        case date():
            return value.isoformat()
        case _:
            return str(value)
