"""Notes that people hold for the same are linked."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "tautan",
        sa.Column("catatan_id", sa.Text(), nullable=False),
        sa.Column("lain_id", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["catatan_id"], ["catatan.id"], name=op.f("fk_tautan_catatan_id")),
        sa.ForeignKeyConstraint(["lain_id"], ["catatan.id"], name=op.f("fk_tautan_lain_id")),
        sa.PrimaryKeyConstraint("catatan_id", "lain_id", name=op.f("pk_tautan")),
    )
    op.create_index("ix_tautan_lain_id", "tautan", ["lain_id"])
