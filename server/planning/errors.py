"""Why a planning use case was refused; nothing was written then."""

from collections.abc import Mapping

from server.store.catatan import Catatan
from server.store.sidang import Hadir, Pokok, Urutan


class GladiSession(Exception):
    """A rehearsal keeps no notes."""


class FieldErrors(Exception):
    """A form that cannot be taken: one Indonesian sentence (a msgid) beside each wrong field."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = dict(fields)


class NotFound(Exception):
    """There is no such note or mention."""


class NotYours(Exception):
    """The note belongs to another desa."""


class IdTaken(Exception):
    """The id was already used for something else."""


class ListChanged(Exception):
    """Somebody moved the camat's list since it was seen."""


class SidangBerubah(Exception):
    """Another device of the office changed it since; ``current`` is what it is now."""

    def __init__(self, current: Pokok | Hadir | Urutan) -> None:
        super().__init__(f"{type(current).__name__} is at version {current.version}")
        self.current = current


class SidangPindah(Exception):
    """A desk put this line of the office's list right to another desa: it is that one's now."""


class SidangSelesai(Exception):
    """The office's own meeting has ended; it changes again once it is opened again."""


class VersionConflict(Exception):
    """Somebody changed the note since; ``current`` is what it is now."""

    def __init__(self, current: Catatan) -> None:
        super().__init__(f"{current.id} is at version {current.version}")
        self.current = current
