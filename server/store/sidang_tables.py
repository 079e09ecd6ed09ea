"""The tables of an office's own meeting, in the manner of ``tables``. Its usulan themselves are notes."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    text,
)

from server.store.metadata import metadata
from server.store.metadata import text_column as _text

SEAT = (["room_id", "seat_id"], ["seats.room_id", "seats.seat_id"])

sidang = Table(
    "sidang",
    metadata,
    Column("room_id", Text, primary_key=True),
    Column("seat_id", Text, primary_key=True),
    *(_text(name) for name in ("nomor", "jam_mulai", "jam_selesai", "tempat")),
    *(_text(name) for name in ("pimpinan", "notulis", "narasumber", "materi", "cara")),
    Column("tanggal", Date),
    Column("selesai_at", BigInteger),
    Column("version", Integer, nullable=False),
    Column("urutan_version", Integer, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    _text("updated_by"),
    ForeignKeyConstraint(*SEAT),
)
"""``version`` 0: only the list or the attendance was begun; ``urutan_version``: of the list's order."""

sidang_hadir = Table(
    "sidang_hadir",
    metadata,
    Column("id", Text, primary_key=True),
    Column("room_id", Text, nullable=False),
    Column("seat_id", Text, nullable=False),
    *(_text(name) for name in ("nama", "jenis_kelamin", "unsur", "jabatan", "asal")),
    Column("hak", Text, nullable=False, server_default=text("''")),
    Column("hapus", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    _text("created_by"),
    ForeignKeyConstraint(*SEAT),
    Index("ix_sidang_hadir_room_id_seat_id", "room_id", "seat_id"),
)
"""Who attended; ``hapus``: struck out again, which can be taken back."""

sidang_usulan = Table(
    "sidang_usulan",
    metadata,
    Column("catatan_id", Text, ForeignKey("catatan.id"), primary_key=True),
    Column("room_id", Text, nullable=False),
    Column("seat_id", Text, nullable=False),
    Column("urutan", Integer, nullable=False),
    ForeignKeyConstraint(*SEAT),
    Index("ix_sidang_usulan_room_id_seat_id", "room_id", "seat_id"),
)
"""The usulan on an office's list and their order of priority."""
