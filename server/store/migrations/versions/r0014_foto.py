"""Photos of notes."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "foto",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("id", "catatan_id")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("berkas", "kecil", "by", "dihapus_by")),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("dihapus_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["catatan_id"], ["catatan.id"], name=op.f("fk_foto_catatan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foto")),
    )
    op.create_index("ix_foto_catatan_id", "foto", ["catatan_id"])
