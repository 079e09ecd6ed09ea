"""The decision chain of an usulan: pure, no rows, no clock.

Only the first step exists so far: a note taken live becomes a draft when its desa confirms it.
"""

from enum import StrEnum

from rooms.meeting.vocabulary import JenisCatatan


class Tahap(StrEnum):
    CATATAN_LANGSUNG = "catatan_langsung"
    DRAF = "draf"


class Putusan(StrEnum):
    MENUNGGU = "menunggu"


class TindakLanjut(StrEnum):
    """Where the follow-up of a keluhan or an arahan stands."""

    TERBUKA = "terbuka"
    DIKERJAKAN = "dikerjakan"
    SELESAI = "selesai"


FOLLOWED_UP = frozenset({JenisCatatan.KELUHAN, JenisCatatan.ARAHAN})


class WrongStage(Exception):
    """What is asked does not fit this kind of note or the stage it is in."""


def entry(jenis: JenisCatatan) -> dict[str, str]:
    """The state a note of this kind begins with; the fields that do not concern it are empty."""
    usulan = jenis is JenisCatatan.USULAN
    return {
        "tahap": Tahap.CATATAN_LANGSUNG if usulan else "",
        "putusan": Putusan.MENUNGGU if usulan else "",
        "status_tindak_lanjut": TindakLanjut.TERBUKA if jenis in FOLLOWED_UP else "",
    }


def reclassify(jenis: JenisCatatan, tahap: str) -> dict[str, str]:
    """The state after the notulis corrects the kind. Raises WrongStage once a desa has confirmed it."""
    if tahap not in ("", Tahap.CATATAN_LANGSUNG):
        raise WrongStage(f"an usulan in {tahap} stays an usulan")
    return entry(jenis)


def confirm(jenis: JenisCatatan, tahap: str) -> dict[str, str]:
    """What the desa's confirmation changes; nothing when it is given again. Raises WrongStage."""
    if jenis is not JenisCatatan.USULAN:
        raise WrongStage(f"a desa does not confirm a {jenis}")
    if tahap == Tahap.DRAF:
        return {}
    if tahap != Tahap.CATATAN_LANGSUNG:
        raise WrongStage(f"already in {tahap}")
    return {"tahap": Tahap.DRAF}
