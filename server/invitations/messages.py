"""Messages to paste into a chat, in Bahasa Indonesia as they are sent. Pure.

``*`` makes bold letters in WhatsApp. Only the message for one office holds its link, a group's holds none.
"""

from collections.abc import Sequence

from server.invitations.invited import Event, Invitation

STEPS = (
    "Buka tautan di laptop atau HP kantor (Chrome). Gunakan pengeras suara supaya warga ikut mendengar.",
    "Pilih “Setuju direkam”, izinkan kamera dan mikrofon, lalu bicaralah: batang suara harus bergerak.",
    "Tekan “Uji pengeras suara” dan pastikan empat nada terdengar.",
    "Tulis nama yang hadir, lalu tekan “Masuk”.",
    "Untuk bicara tekan “Angkat tangan”; tunggu sampai layar menulis “Giliran”.",
)
"""From the link to the first word; the sheet prints the same."""
HALL_STEPS = (
    "Buka tautan di laptop Aula (Chrome), dengan kabel jaringan dan listrik terpasang.",
    "Sambungkan kamera, suara dari penata suara, dan pengeras suara gedung sebelum membuka tautan.",
    "Pilih kamera, mikrofon, dan asal suara; tekan “Nyalakan”, lalu bicaralah: batang suara harus bergerak.",
    "Tekan “Uji pengeras suara” dan pastikan seluruh Aula mendengar empat nada.",
    "Tekan “Mulai siaran Aula”. Proyektor memakai tautan Layar Aula, di perangkat lain.",
)
"""Of the hall's own sheet."""
HALL_SOUND = (
    (
        "Mixer gedung",
        "bila laptop mendapat suara dari mixer: dikirim apa adanya, juga lagu kebangsaan. Minta penata suara "
        "agar suara kantor tidak ikut terkirim kembali.",
    ),
    (
        "Mikrofon di ruangan",
        "bila laptop mendengar lewat mikrofon: gema dan derau diredam; lagu dapat terdengar putus-putus.",
    ),
    ("Headset", "bila hanya satu orang yang bicara dari laptop itu."),
)
"""Which source of sound the hall chooses, and when."""


def _head(event: Event) -> list[str]:
    title = f"*{'GLADI (latihan): ' if event.gladi else ''}{event.judul}*"
    return [title, f"Hari: {event.hari}", *([f"Pukul: {event.pukul}"] if event.pukul else [])]


def _foot(event: Event) -> list[str]:
    return ["", f"Ada kesulitan? Petugas bantuan: {event.telepon}"] if event.telepon else []


def for_office(event: Event, invitation: Invitation) -> str:
    """With its link, which is for this office alone."""
    return "\n".join(
        [
            f"Yth. {invitation.nama}",
            "",
            *_head(event),
            "",
            f"Tautan masuk: {invitation.tautan}",
            *([f"Atau ketik kode {invitation.kode} di {event.situs}"] if invitation.kode else []),
            "",
            *(f"{number}. {step}" for number, step in enumerate(STEPS, 1)),
            "",
            f"Tautan dan kode ini khusus untuk {invitation.nama}; mohon tidak diteruskan ke grup.",
            *_foot(event),
        ]
    )


def for_all(event: Event) -> str:
    """For a group of all offices."""
    return "\n".join(
        [
            *_head(event),
            "",
            "Tiap kantor masuk dengan tautan, kode QR, atau kode pada lembar undangannya sendiri,",
            f"yang dikirim langsung ke kantor itu. Kode diketik di {event.situs}.",
            "",
            *(f"{number}. {step}" for number, step in enumerate(STEPS, 1)),
            "",
            "Mohon mencoba masuk paling lambat sehari sebelumnya, dengan perangkat yang akan dipakai.",
            *_foot(event),
        ]
    )


def reminder(event: Event, invitation: Invitation, why: str) -> str:
    """For an office whose devices have not been seen to work; ``why``: a sentence."""
    return "\n".join(
        [
            f"Yth. {invitation.nama}",
            "",
            why,
            "Mohon dicoba sekarang dengan perangkat yang akan dipakai; cukup dua menit.",
            "",
            *_head(event),
            f"Tautan masuk: {invitation.tautan}"
            if invitation.tautan
            else "Gunakan tautan undangan kantor ini.",
            *_foot(event),
        ]
    )


def reminder_for_all(event: Event, names: Sequence[str]) -> str:
    """For a group: who has not been there yet, and no link."""
    return "\n".join(
        [
            *_head(event),
            "",
            "Kantor berikut belum mencoba masuk, atau perangkatnya belum beres:",
            *(f"- {name}" for name in names),
            "",
            "Mohon mencoba hari ini dengan tautan atau lembar undangan masing-masing; cukup dua menit.",
            *_foot(event),
        ]
    )
