"""What the form "Buat sesi" offers for the order of speaking and the quorum, in words for people.

Pure. A choice's value is what the form posts; an unknown value is refused by ``settings_of``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rooms.meeting.vocabulary import Kuorum, MeetingSettings, Urutan
from server.i18n import N_


@dataclass(frozen=True, slots=True)
class Choice:
    word: str
    line: str = ""
    """One line of explanation."""


URUTAN: Mapping[str, Choice] = {
    Urutan.BERGILIR: Choice(
        N_("Bergilir antarkecamatan"),
        N_("Kecamatan yang paling lama tidak bicara didahulukan, lalu desanya yang paling jarang bicara."),
    ),
    Urutan.DATANG: Choice(
        N_("Urutan datang"), N_("Yang lebih dulu mengangkat tangan lebih dulu disarankan.")
    ),
    Urutan.TERSEDIKIT: Choice(
        N_("Giliran tersedikit"), N_("Kantor yang paling jarang mendapat giliran didahulukan.")
    ),
    Urutan.DETIK_ADIL: Choice(
        N_("Waktu bicara seimbang"), N_("Kantor yang paling sedikit memakai waktu bicara didahulukan.")
    ),
}
PENUAAN: Mapping[str, Choice] = {
    "0": Choice(N_("Tidak")),
    "5": Choice(N_("Setelah 5 giliran")),
    "10": Choice(N_("Setelah 10 giliran")),
    "20": Choice(N_("Setelah 20 giliran")),
    "50": Choice(N_("Setelah 50 giliran")),
    "100": Choice(N_("Setelah 100 giliran")),
}
BERSIAP: Mapping[str, Choice] = {
    "1": Choice(N_("Satu kantor")),
    "2": Choice(N_("Dua kantor")),
    "3": Choice(N_("Tiga kantor")),
    "4": Choice(N_("Empat kantor")),
}
BEKU: Mapping[str, Choice] = {
    "0": Choice(N_("Tidak dikunci")),
    "1": Choice(N_("Satu yang terdepan")),
    "2": Choice(N_("Dua yang terdepan")),
}
KUORUM: Mapping[str, Choice] = {
    Kuorum.TIDAK_DIHITUNG: Choice(N_("Tidak dihitung")),
    Kuorum.LEBIH_SETENGAH: Choice(N_("Lebih dari setengah")),
    Kuorum.DUA_PERTIGA: Choice(N_("Dua pertiga")),
    Kuorum.SEMUA: Choice(N_("Semua yang diundang")),
}
CHOICES: Mapping[str, Mapping[str, Choice]] = {
    "urutan": URUTAN,
    "penuaan": PENUAAN,
    "bersiap": BERSIAP,
    "beku": BEKU,
    "kuorum": KUORUM,
}
WAJIB = "ya"
USUAL: Mapping[str, str] = {
    "urutan": Urutan.BERGILIR,
    "penuaan": "0",
    "bersiap": "2",
    "beku": "0",
    "kuorum": Kuorum.DUA_PERTIGA,
    "kuorum_wajib": "",
}
"""What a new form shows, and what a form without these fields means."""


def settings_of(
    typed: Mapping[str, str], *, turn_limit_s: int, galat: dict[str, str]
) -> MeetingSettings | None:
    """The settings that were chosen; None when ``galat`` got a sentence for a field."""
    wrong = {
        name: N_("Pilih salah satu dari daftar.")
        for name, choices in CHOICES.items()
        if typed[name] not in choices
    }
    if typed["kuorum_wajib"] not in ("", WAJIB):
        wrong["kuorum_wajib"] = N_("Pilih salah satu dari daftar.")
    if not wrong and int(typed["beku"]) > int(typed["bersiap"]):
        wrong["beku"] = N_("Yang dikunci tidak boleh lebih banyak daripada yang disiapkan.")
    if wrong:
        galat |= wrong
        return None
    return MeetingSettings(
        turn_limit_s=turn_limit_s,
        bersiap=int(typed["bersiap"]),
        urutan=Urutan(typed["urutan"]),
        penuaan=int(typed["penuaan"]),
        beku=int(typed["beku"]),
        kuorum=Kuorum(typed["kuorum"]),
        kuorum_wajib=typed["kuorum_wajib"] == WAJIB,
    )


def chosen(settings: MeetingSettings) -> dict[str, str]:
    """What the form would have posted for these settings; a value that is no choice becomes the usual one."""
    values = {
        "urutan": settings.urutan or Urutan.BERGILIR,
        "penuaan": str(settings.penuaan),
        "bersiap": str(settings.bersiap),
        "beku": str(settings.beku),
        "kuorum": settings.kuorum,
    }
    kept = {name: value if value in CHOICES[name] else USUAL[name] for name, value in values.items()}
    return kept | {"kuorum_wajib": WAJIB if settings.kuorum_wajib else ""}


def told(settings: MeetingSettings) -> Iterator[tuple[str, str]]:
    """Heading and words of each setting, for the session's page; a value of no choice is left out."""
    urutan = settings.urutan or Urutan.BERGILIR
    for heading, choices, value in (
        (N_("Urutan bicara sesudah naskah"), URUTAN, urutan),
        (N_("Dahulukan yang lama menunggu"), PENUAAN, str(settings.penuaan)),
        (N_("Kantor yang disiapkan"), BERSIAP, str(settings.bersiap)),
        (N_("Kunci yang sudah bersiap"), BEKU, str(settings.beku)),
        (N_("Kuorum"), KUORUM, settings.kuorum),
    ):
        if value in choices:
            yield heading, choices[value].word
    if settings.kuorum is not Kuorum.TIDAK_DIHITUNG:
        words = N_("Wajib sebelum dibuka") if settings.kuorum_wajib else N_("Hanya ditampilkan")
        yield N_("Bila kuorum belum terpenuhi"), words
