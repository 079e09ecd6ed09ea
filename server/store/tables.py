"""The tables, as metadata; how they came to be is in ``migrations/``.

Instants are integers in ms since the epoch (UTC), whose columns end ``_at`` (``at`` in the journal). Ids are
opaque strings. Nothing here is deleted by the product except drafts and, under privacy law, private columns.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

# so that the metadata is whole wherever it is used
import server.store.door_tables
import server.store.paper_tables
import server.store.sidang_tables  # noqa: F401
from server.store.metadata import metadata as metadata
from server.store.metadata import text_column as _text

SEALING = "type IN ('interval_sealed', 'interval_unsealed')"

journal = Table(
    "journal",
    metadata,
    Column("room_id", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("epoch", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("v", Integer, nullable=False),
    Column("actor", Text, nullable=False),
    Column("command_id", Text, nullable=False),
    Column("part", Integer, nullable=False),
    Column("skeleton", LargeBinary, nullable=False),
    Column("private", LargeBinary),
    Column("salt", LargeBinary),
    Column("private_hash", LargeBinary, nullable=False),
    Column("prev_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    # part numbers the events of one command: no command can be journalled twice, whoever races whom
    UniqueConstraint("room_id", "actor", "command_id", "part"),
    # the few entries that seal, of all sessions: asked for by every search
    Index("ix_journal_seals", "room_id", "seq", sqlite_where=text(SEALING), postgresql_where=text(SEALING)),
)
"""``private_hash`` is ``H(salt || private)``: it stays when both are erased, so the chain still verifies."""

snapshots = Table(
    "snapshots",
    metadata,
    Column("room_id", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("fold_version", Integer, nullable=False),
    Column("head_hash", LargeBinary, nullable=False),
    Column("state", LargeBinary, nullable=False),
)

rooms = Table(
    "rooms",
    metadata,
    Column("room_id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("tanggal", Date, nullable=False),
    Column("jenis_sesi", Text, nullable=False),
    Column("tahun_rencana", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("epoch", Integer, nullable=False, server_default="1"),
    Column("catatan_version", BigInteger, nullable=False, server_default="0"),
    Column("created_at", BigInteger, nullable=False),
    Column("alive_until", BigInteger),
    Column("settings", JSON),
    Column("gladi", Boolean, nullable=False, server_default=false()),
    *(
        Column(name, Text, nullable=False, server_default=text("''"))
        for name in ("jam_mulai", "jam_selesai", "telepon")
    ),
)
"""``status`` is a copy of the journal's, for lists; an outage counts from the heartbeat ``alive_until``."""

seats = Table(
    "seats",
    metadata,
    Column("room_id", Text, ForeignKey("rooms.room_id"), primary_key=True),
    Column("seat_id", Text, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("label", Text, nullable=False),
    _text("kode_wilayah"),
    Column("script_place", Integer),
)

agenda_items = Table(
    "agenda_items",
    metadata,
    Column("room_id", Text, ForeignKey("rooms.room_id"), primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
)

grants = Table(
    "grants",
    metadata,
    Column("public_id", Text, primary_key=True),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("room_id", Text, ForeignKey("rooms.room_id"), index=True),
    Column("role", Text, nullable=False),
    Column("seat_id", Text),
    Column("label", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Column("last_used_at", BigInteger),
    Column("expires_at", BigInteger),
    Column("made_by", Text),
    Column("code_hash", LargeBinary, index=True),
    ForeignKeyConstraint(["room_id", "seat_id"], ["seats.room_id", "seats.seat_id"]),
)

kunci = Table(
    "kunci",
    metadata,
    Column("id", Text, primary_key=True),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    *(_text(name) for name in ("label", "scopes", "created_by")),
    Column("room_id", Text, ForeignKey("rooms.room_id")),
    *(Column(name, BigInteger, nullable=False) for name in ("created_at", "expires_at")),
    *(Column(name, BigInteger) for name in ("revoked_at", "last_used_at")),
)
"""Keys of other applications; ``scopes`` are words of ``server.access.Scope`` with spaces between."""

wilayah = Table(
    "wilayah",
    metadata,
    Column("kode", Text, primary_key=True),
    Column("jenis", Text, nullable=False),
    Column("nama", Text, nullable=False),
    Column("kecamatan_kode", Text, nullable=False, index=True),
    Column("kecamatan_nama", Text, nullable=False),
)

catatan = Table(
    "catatan",
    metadata,
    Column("id", Text, primary_key=True),
    Column("room_id", Text, ForeignKey("rooms.room_id"), nullable=False, index=True),
    Column("body_hash", LargeBinary, nullable=False),
    Column("jenis", Text, nullable=False),
    Column("tahun_rencana", Integer, nullable=False),
    Column("seat_id", Text),
    Column("kode_wilayah", Text, nullable=False, index=True),
    Column("kecamatan_kode", Text, nullable=False, server_default=text("''")),
    _text("ucapan"),
    _text("judul"),
    _text("masalah"),
    _text("gagasan"),
    _text("bidang"),
    _text("sub_bidang"),
    _text("dusun"),
    _text("alamat"),
    Column("volume", Text),
    _text("satuan"),
    Column("perkiraan_biaya", BigInteger),
    _text("sumber_dana"),
    _text("opd_tujuan"),
    Column("jumlah_terdampak", Integer),
    _text("pengusul_nama"),
    _text("pengusul_jabatan"),
    Column("kanal", Text, nullable=False),
    _text("tahap"),
    _text("putusan"),
    _text("penanggung_jawab"),
    Column("tenggat", Date),
    _text("status_tindak_lanjut"),
    Column("version", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("nomor_sipd", Text, nullable=False, server_default=text("''")),
    Column("realisasi", Text, nullable=False, server_default=text("''")),
    Column("diprioritaskan_at", BigInteger),
    Column("diprioritaskan_by", Text, nullable=False, server_default=text("''")),
    *(
        Column(name, Text, nullable=False, server_default=text("''"))
        for name in ("kamus_usulan", "urgensi", "status_lahan", "pola", "kontak")
    ),
    *(Column(name, Double) for name in ("lat", "lng")),
    ForeignKeyConstraint(["room_id", "seat_id"], ["seats.room_id", "seats.seat_id"]),
    Index("ix_catatan_created_at_id", "created_at", "id"),
    Index("ix_catatan_kecamatan_kode_created_at_id", "kecamatan_kode", "created_at", "id"),
)
"""``tahap`` and ``putusan`` are empty but for usulan, ``status_tindak_lanjut`` but for keluhan and arahan.
``kecamatan_kode`` is the beginning of ``kode_wilayah``, kept for its index."""

pencarian = Table(
    "pencarian",
    metadata,
    Column("nomor", Integer, primary_key=True),
    Column("catatan_id", Text, ForeignKey("catatan.id"), nullable=False, unique=True),
    _text("teks"),
)
"""The words of each note as ``search.searchable`` leaves them. What finds them quickly is each database's
own: SQLite's FTS5 table ``cari`` over this one, PostgreSQL's index ``ix_pencarian_teks`` (revision 0004)."""

rekap = Table(
    "rekap",
    metadata,
    Column("tahun_rencana", Integer, primary_key=True, autoincrement=False),
    *(
        Column(name, Text, primary_key=True)
        for name in ("kecamatan_kode", "jenis", "bidang", "tahap", "putusan")
    ),
    Column("jumlah", Integer, nullable=False),
)
"""How many notes there are of each kind: what lists show beside their filters, without counting anew."""

penyebutan = Table(
    "penyebutan",
    metadata,
    Column("id", Text, primary_key=True),
    Column("catatan_id", Text, ForeignKey("catatan.id"), nullable=False, index=True),
    Column("room_id", Text, ForeignKey("rooms.room_id"), nullable=False),
    Column("turn_id", Text),
    Column("seat_id", Text),
    Column("spoken_at", BigInteger, nullable=False),
    Column("until_at", BigInteger),
    Column("spoken", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    ForeignKeyConstraint(["room_id", "seat_id"], ["seats.room_id", "seats.seat_id"]),
    Index("ix_penyebutan_room_id_spoken_at", "room_id", "spoken_at"),
)

riwayat_usulan = Table(
    "riwayat_usulan",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("catatan_id", Text, ForeignKey("catatan.id"), nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("field", Text, nullable=False),
    _text("old"),
    _text("new"),
    _text("note"),
)

keputusan = Table(
    "keputusan",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("catatan_id", Text, ForeignKey("catatan.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    *(
        _text(name)
        for name in ("actor", "nama", "jabatan", "peran", "tahap", "tindakan", "putusan", "ke_tahap")
    ),
    *(_text(name) for name in ("alasan", "rekomendasi", "catatan")),
    Column("volume", Text),
    Column("biaya", BigInteger),
    Column("atas_nama", Boolean, nullable=False),
    # the version of the usulan that it made: two deciders cannot both make one
    UniqueConstraint("catatan_id", "version"),
)
"""Every decision, never changed; ``volume`` and ``biaya`` are what that tier recommends."""

musrenbangcam = Table(
    "musrenbangcam",
    metadata,
    Column("tahun_rencana", Integer, primary_key=True, autoincrement=False),
    Column("kecamatan_kode", Text, primary_key=True),
    Column("pagu_indikatif", BigInteger),
    Column("version", Integer, nullable=False),
)
"""A camat's list; ``version`` grows with every change of its order, its members or its pagu."""

peringkat = Table(
    "peringkat",
    metadata,
    Column("catatan_id", Text, ForeignKey("catatan.id"), primary_key=True),
    Column("urutan", Integer, nullable=False),
    Column("masuk_at", BigInteger, nullable=False),
)
"""The usulan on the camats' lists, each in its kecamatan's order."""

akun = Table(
    "akun",
    metadata,
    Column("id", Text, primary_key=True),
    Column("masuk", Text, nullable=False, unique=True),
    *(_text(name) for name in ("nama", "jabatan", "peran", "kode_wilayah", "opd")),
    Column("sandi", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("ended_at", BigInteger),
)
"""Who decides; ``sandi`` is an argon2 hash, none before a password is set."""

akun_tautan = Table(
    "akun_tautan",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("akun_id", Text, ForeignKey("akun.id"), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
)
"""Links that set a password once; ``used_at`` also when a newer one took its place."""

akun_masuk = Table(
    "akun_masuk",
    metadata,
    Column("id", Text, primary_key=True),
    Column("akun_id", Text, ForeignKey("akun.id"), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    _text("perangkat"),
)
"""Browsers that are, or were, signed in."""

tautan = Table(
    "tautan",
    metadata,
    Column("catatan_id", Text, ForeignKey("catatan.id"), primary_key=True),
    Column("lain_id", Text, ForeignKey("catatan.id"), primary_key=True, index=True),
    _text("by"),
    Column("at", BigInteger, nullable=False),
)
"""Notes that may be the same; the smaller id stands first."""

kamus = Table(
    "kamus",
    metadata,
    Column("kode", Text, primary_key=True),
    *(_text(name) for name in ("nama", "satuan", "bidang", "opd", "teks")),
    Column("ditawarkan", Boolean, nullable=False),
)
"""The kamus usulan; ``teks`` has its words as they are looked for, each after a space."""

lampiran = Table(
    "lampiran",
    metadata,
    Column("id", Text, primary_key=True),
    Column("catatan_id", Text, ForeignKey("catatan.id"), nullable=False, index=True),
    *(_text(name) for name in ("jenis", "berkas", "kecil", "by", "dihapus_by")),
    Column("halaman", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("dihapus_at", BigInteger),
)
"""Photos and documents of notes; ``berkas`` names the file, ``kecil`` that of a photo's small one; both are
empty once it was removed."""

konsep = Table(
    "konsep",
    metadata,
    Column("grant_id", Text, ForeignKey("grants.public_id"), primary_key=True),
    Column("id", Text, primary_key=True),
    Column("body", JSON, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
)
