"""A rehearsal's report in words, for the terminal of whoever ran it, and as JSON for whoever keeps it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from operator import attrgetter

from rooms.gladi.rehearsal import Progress
from rooms.gladi.report import (
    CONCEALED,
    FROZEN,
    JOIN_S,
    LAG_MS,
    OFFLINE_S,
    OfficeReport,
    Report,
    Verdict,
)

REFUSALS: Mapping[str, str] = {
    "unreachable": "Server tidak dapat dihubungi. Periksa alamatnya, dan apakah server menyala.",
    "untrusted": "Sertifikat server tidak dipercaya komputer ini. Beri berkas sertifikatnya dengan --cacert.",
    "wrong_link": "Tautan gladi tidak dikenal atau sudah dicabut. Mintalah yang baru kepada Panitia.",
    "expired": "Masa berlaku tautan gladi sudah habis. Mintalah yang baru kepada Panitia.",
    "revoked": "Tautan gladi sudah dicabut. Mintalah yang baru kepada Panitia.",
    "not_a_gladi_link": "Tautan ini milik seorang peserta, bukan tautan gladi.",
    "not_gladi": "Sesi ini bukan sesi gladi. Kantor buatan hanya masuk ke sesi gladi.",
    "closed": "Sesi gladi ini sudah ditutup.",
    "no_seats": "Semua kursi sesi ini sudah dipakai; tidak ada yang dapat diisi kantor buatan.",
    "not_rembug": "Alamat itu menjawab, tetapi bukan sebagai server Rembug.",
}
VERDICTS: Mapping[Verdict, str] = {
    Verdict.BAIK: "baik",
    Verdict.PERIKSA: "perlu diperiksa",
    Verdict.BURUK: "buruk",
}
ENDED: Mapping[str, str] = {
    "diganti": "kursinya dipakai orang",
    "ditutup": "sesi ditutup",
    "dicabut": "tautannya dicabut",
    "putus": "kehilangan server",
}
Figure = Callable[[OfficeReport], float | None]
COLUMNS: tuple[tuple[str, Figure, Callable[[float], str]], ...] = (
    ("Masuk (s)", lambda o: o.joined_s, lambda v: number(v, 1)),
    ("Suara hilang (ms)", lambda o: o.concealed_ms, lambda v: number(v, 0)),
    ("Suara hilang", lambda o: o.concealed, lambda v: percent(v)),
    ("Gambar beku (s)", lambda o: o.frozen_s, lambda v: number(v, 1)),
    ("Hilang di jalur", lambda o: o.lost, lambda v: percent(v)),
    ("Terputus (s)", lambda o: o.offline_s, lambda v: number(v, 1)),
)


SPREAD = ("joined_s", "concealed_ms", "concealed", "frozen_s", "lost", "offline_s")


def number(value: float, places: int) -> str:
    return f"{value:.{places}f}".replace(".", ",")


def percent(value: float) -> str:
    return number(value * 100, 1) + " %"


def line(progress: Progress) -> str:
    """What stands in the terminal while it runs."""
    if progress.stage == "loops":
        return "Menyiapkan gambar dan suara kantor buatan ..."
    minutes, seconds = divmod(int(progress.left_s), 60)
    return (
        f"{progress.joined} dari {progress.offices} tersambung · {progress.hands} mengangkat tangan"
        f" · {progress.speaking} bicara · sisa {minutes}.{seconds:02d}"
    )


def text(report: Report) -> str:
    """The whole report: a row for each office, the median and the worst, and what it means."""
    heads = ["Kantor", *(head for head, _, _ in COLUMNS), "Giliran", "Nilai"]
    rows = [
        [
            office.label,
            *(_cell(figure(office), shown) for _, figure, shown in COLUMNS),
            str(office.turns),
            VERDICTS[office.verdict] + (f" ({ENDED[office.ended]})" if office.ended in ENDED else ""),
        ]
        for office in report.offices
    ]
    spreads = [(report.spread(figure), shown) for _, figure, shown in COLUMNS]
    rows.append(["Tengah", *(_cell(s.median if s else None, shown) for s, shown in spreads), "", ""])
    rows.append(["Terburuk", *(_cell(s.worst if s else None, shown) for s, shown in spreads), "", ""])
    widths = [max(len(row[n]) for row in [heads, *rows]) for n in range(len(heads))]
    out = [f"Gladi: {report.title}", "", _row(heads, widths), "  ".join("-" * width for width in widths)]
    out += [_row(row, widths) for row in rows[:-2]]
    out += ["  ".join("-" * width for width in widths), *(_row(row, widths) for row in rows[-2:])]
    return "\n".join([*out, "", *verdict(report)])


def verdict(report: Report) -> list[str]:
    """In sentences, the conclusion first."""
    names = {mark: [office.label for office in report.offices if office.verdict is mark] for mark in Verdict}
    every = len(report.offices)
    heard = any(office.sound_packets for office in report.offices)
    said = {
        Verdict.BAIK: f"SIAP. Semua {every} kantor masuk, mendengar dan melihat dengan baik."
        if heard
        else f"Semua {every} kantor masuk.",
        Verdict.PERIKSA: f"PERLU DIPERIKSA: {_list(names[Verdict.PERIKSA])}.",
        Verdict.BURUK: f"BELUM SIAP. Buruk: {_list(names[Verdict.BURUK])}."
        + (f" Perlu diperiksa: {_list(names[Verdict.PERIKSA])}." if names[Verdict.PERIKSA] else ""),
    }
    out = [said[report.verdict]]
    if every < report.wanted:
        out.append(f"Diminta {report.wanted} kantor; yang kursinya bebas {every}.")
    if not heard:
        out.append("Tidak ada suara di panggung selama gladi; mutu suara dan gambar belum teruji.")
    if not report.trusted:
        out.append(
            f"Komputer gladi ini sendiri tersendat ({number(report.lag_ms, 0)} ms, batas {LAG_MS} ms):"
            " sebagian angka dapat berasal dari sini. Kurangi --n atau pakai komputer lain."
        )
    out.append(
        f"Batas: masuk {number(JOIN_S, 0)} s, suara hilang {percent(CONCEALED)}, gambar beku"
        f" {percent(FROZEN)} dari waktu, terputus {number(OFFLINE_S, 0)} s; lebih dari lima kalinya buruk."
    )
    return out


def as_json(report: Report) -> str:
    """Every figure, with what follows from them."""
    offices = [
        asdict(o) | {"concealed": o.concealed, "frozen": o.frozen, "lost": o.lost, "verdict": o.verdict}
        for o in report.offices
    ]
    spreads = {name: report.spread(attrgetter(name)) for name in SPREAD}
    whole = asdict(report) | {
        "offices": offices,
        "spread": {name: spread and asdict(spread) for name, spread in spreads.items()},
        "verdict": report.verdict,
        "trusted": report.trusted,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _cell(value: float | None, shown: Callable[[float], str]) -> str:
    return "tidak" if value is None else shown(value)


def _row(cells: list[str], widths: list[int]) -> str:
    """Names to the left, figures to the right."""
    first, *others = zip(cells, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]).rstrip()


def _list(names: list[str]) -> str:
    shown = "; ".join(names[:8])
    return shown if len(names) <= 8 else f"{shown}; dan {len(names) - 8} lainnya"
