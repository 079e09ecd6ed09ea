"""Each seat's last check of its line at the door is kept, for the desks."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "sambungan",
        sa.Column("room_id", sa.Text(), nullable=False),
        sa.Column("seat_id", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.BigInteger(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("down_kbit", sa.Integer(), nullable=True),
        sa.Column("lost", sa.Float(), nullable=True),
        sa.Column("rtt_ms", sa.Integer(), nullable=True),
        sa.Column("wire_ms", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["room_id", "seat_id"],
            ["seats.room_id", "seats.seat_id"],
            name=op.f("fk_sambungan_room_id_seat_id"),
        ),
        sa.PrimaryKeyConstraint("room_id", "seat_id", name=op.f("pk_sambungan")),
    )
