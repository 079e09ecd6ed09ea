"""Each office's own meeting: what it is about, who attended, its list in the order of priority."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    texts = ("nomor", "jam_mulai", "jam_selesai", "tempat")
    more = ("pimpinan", "notulis", "narasumber", "materi", "cara", "updated_by")
    op.create_table(
        "sidang",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("room_id", "seat_id", *texts, *more)),
        sa.Column("tanggal", sa.Date()),
        sa.Column("selesai_at", sa.BigInteger()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("urutan_version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        _of_a_seat("sidang"),
        sa.PrimaryKeyConstraint("room_id", "seat_id", name=op.f("pk_sidang")),
    )
    person = ("id", "room_id", "seat_id", "nama", "jenis_kelamin", "unsur", "jabatan", "asal", "created_by")
    op.create_table(
        "sidang_hadir",
        *(sa.Column(name, sa.Text(), nullable=False) for name in person),
        sa.Column("hapus", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        _of_a_seat("sidang_hadir"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sidang_hadir")),
    )
    op.create_table(
        "sidang_usulan",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("catatan_id", "room_id", "seat_id")),
        sa.Column("urutan", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["catatan_id"], ["catatan.id"], name=op.f("fk_sidang_usulan_catatan_id")),
        _of_a_seat("sidang_usulan"),
        sa.PrimaryKeyConstraint("catatan_id", name=op.f("pk_sidang_usulan")),
    )
    for table in ("sidang_hadir", "sidang_usulan"):
        op.create_index(f"ix_{table}_room_id_seat_id", table, ["room_id", "seat_id"])


def _of_a_seat(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["room_id", "seat_id"],
        ["seats.room_id", "seats.seat_id"],
        name=op.f(f"fk_{table}_room_id_seat_id"),
    )
