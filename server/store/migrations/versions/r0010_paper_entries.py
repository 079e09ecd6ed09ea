"""Words of papers that were put differently, names of signers, and who has signed; with their history."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "paper_entries",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("room_id", "jenis", "seat_id", "name")),
        sa.Column("version", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.room_id"], name=op.f("fk_paper_entries_room_id")),
        sa.PrimaryKeyConstraint(
            "room_id", "jenis", "seat_id", "name", "version", name=op.f("pk_paper_entries")
        ),
    )
