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
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


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
    ForeignKeyConstraint(["room_id", "seat_id"], ["seats.room_id", "seats.seat_id"]),
)

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

konsep = Table(
    "konsep",
    metadata,
    Column("grant_id", Text, ForeignKey("grants.public_id"), primary_key=True),
    Column("id", Text, primary_key=True),
    Column("body", JSON, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
)
