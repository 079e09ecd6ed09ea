"""The tables of papers, in the manner of ``tables``."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, Table, Text

from server.store.metadata import metadata
from server.store.metadata import text_column as _text

papers = Table(
    "papers",
    metadata,
    Column("room_id", Text, ForeignKey("rooms.room_id"), primary_key=True),
    Column("jenis", Text, primary_key=True),
    Column("seat_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    _text("sidik"),
    _text("berkas"),
    Column("pages", Integer, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("sementara", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    _text("created_by"),
)
"""Every version of every paper; ``seat_id`` is empty for those of the whole session. ``berkas`` names a file
that never changes (empty once what it said was erased), ``sidik`` is the fingerprint of the data;
``sementara``: the session was running."""

paper_batches = Table(
    "paper_batches",
    metadata,
    Column("id", Text, primary_key=True),
    Column("room_id", Text, ForeignKey("rooms.room_id"), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    _text("created_by"),
    Column("finished_at", BigInteger),
)

paper_items = Table(
    "paper_items",
    metadata,
    Column("batch_id", Text, ForeignKey("paper_batches.id"), primary_key=True),
    Column("jenis", Text, primary_key=True),
    Column("seat_id", Text, primary_key=True),
    _text("state"),
)
"""What a batch is to make: ``menunggu``, ``jadi`` or ``gagal``; what is ``jadi`` is never made again."""

paper_entries = Table(
    "paper_entries",
    metadata,
    Column("room_id", Text, ForeignKey("rooms.room_id"), primary_key=True),
    Column("jenis", Text, primary_key=True),
    Column("seat_id", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    _text("text"),
    Column("at", BigInteger, nullable=False),
    _text("by"),
)
"""What the Panitia put into a paper or noted about it, with its history: the newest version holds."""

paper_scans = Table(
    "paper_scans",
    metadata,
    Column("id", Text, primary_key=True),
    Column("room_id", Text, ForeignKey("rooms.room_id"), nullable=False, index=True),
    _text("jenis"),
    _text("seat_id"),
    _text("berkas"),
    Column("pages", Integer, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    _text("by"),
)
"""Scans of papers that were signed by hand, every one that was attached."""
