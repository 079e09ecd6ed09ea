"""The tables of what is found out at the doors, one row a seat, and of what is written with its help desk."""

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKeyConstraint, Index, Integer, Table, Text

from server.store.metadata import metadata
from server.store.metadata import text_column as _text

sambungan = Table(
    "sambungan",
    metadata,
    Column("room_id", Text, primary_key=True),
    Column("seat_id", Text, primary_key=True),
    Column("checked_at", BigInteger, nullable=False),
    _text("device"),
    _text("path"),
    Column("down_kbit", Integer),
    Column("lost", Float),
    Column("rtt_ms", Integer),
    Column("wire_ms", Integer),
    ForeignKeyConstraint(["room_id", "seat_id"], ["seats.room_id", "seats.seat_id"]),
)
"""What each seat's device last found out about its line."""

kesiapan = Table(
    "kesiapan",
    metadata,
    Column("room_id", Text, primary_key=True),
    Column("seat_id", Text, primary_key=True),
    Column("checked_at", BigInteger, nullable=False),
    *(_text(name) for name in ("device", "kamera", "mikrofon", "pengeras", "sambungan")),
    ForeignKeyConstraint(["room_id", "seat_id"], ["seats.room_id", "seats.seat_id"]),
)
"""What the people at each seat's door saw and heard of their devices."""

pesan_bantuan = Table(
    "pesan_bantuan",
    metadata,
    Column("id", Text, primary_key=True),
    Column("room_id", Text, nullable=False),
    Column("seat_id", Text, nullable=False),
    Column("dari_petugas", Boolean, nullable=False),
    Column("teks", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    ForeignKeyConstraint(["room_id", "seat_id"], ["seats.room_id", "seats.seat_id"]),
    Index("ix_pesan_bantuan_room_id", "room_id", "seat_id"),
)
"""Between an office and Petugas Bantuan."""
