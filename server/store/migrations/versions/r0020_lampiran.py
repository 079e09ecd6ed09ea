"""Beside photos an usulan has its surat pengantar, its RAB, and photos of what became of it: one table."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_TEXTS = ("id", "catatan_id", "jenis", "berkas", "kecil", "by", "dihapus_by")


def upgrade() -> None:
    op.create_table(
        "lampiran",
        *(sa.Column(name, sa.Text(), nullable=False) for name in _TEXTS),
        sa.Column("halaman", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("dihapus_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["catatan_id"], ["catatan.id"], name=op.f("fk_lampiran_catatan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lampiran")),
    )
    op.execute(
        'INSERT INTO lampiran (id, catatan_id, jenis, berkas, kecil, "by", dihapus_by, halaman, at,'
        " dihapus_at) SELECT id, catatan_id, 'foto', berkas, kecil, \"by\", dihapus_by, 1, at, dihapus_at"
        " FROM foto"
    )
    op.create_index("ix_lampiran_catatan_id", "lampiran", ["catatan_id"])
    op.drop_table("foto")
