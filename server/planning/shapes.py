"""The JSON shapes of ``server/signalling/PROTOCOL.md`` for notes and drafts."""

from dataclasses import asdict

from server.planning.notebook import Page
from server.store.catatan import Catatan
from server.store.konsep import Konsep

_UNSHOWN = ("created_by", "riwayat")


def catatan_json(note: Catatan) -> dict[str, object]:
    """*Catatan*; ``riwayat`` is there when the note was fetched alone."""
    shape = asdict(note)
    for name in _UNSHOWN:
        del shape[name]
    shape["volume"] = None if note.volume is None else format(note.volume, "f")
    shape["tenggat"] = None if note.tenggat is None else note.tenggat.isoformat()
    if note.riwayat is not None:
        shape["riwayat"] = [asdict(change) for change in note.riwayat]
    return shape


def page_json(page: Page) -> dict[str, object]:
    """*List*"""
    return {
        "items": [catatan_json(note) for note in page.items],
        "total": page.total,
        "version": page.version,
    }


def konsep_json(draft: Konsep) -> dict[str, object]:
    """*Konsep*"""
    return {"id": draft.id, "updated_at": draft.updated_at, "body": dict(draft.body)}
