"""Scans of signed papers."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    texts = ("id", "room_id", "jenis", "seat_id", "berkas", "by")
    op.create_table(
        "paper_scans",
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.room_id"], name=op.f("fk_paper_scans_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_scans")),
    )
    op.create_index("ix_paper_scans_room_id", "paper_scans", ["room_id"])
