"""Messages between offices and Petugas Bantuan."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "pesan_bantuan",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("room_id", sa.Text(), nullable=False),
        sa.Column("seat_id", sa.Text(), nullable=False),
        sa.Column("dari_petugas", sa.Boolean(), nullable=False),
        sa.Column("teks", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pesan_bantuan"),
        sa.ForeignKeyConstraint(
            ["room_id", "seat_id"],
            ["seats.room_id", "seats.seat_id"],
            name="fk_pesan_bantuan_room_id_seats",
        ),
    )
    op.create_index("ix_pesan_bantuan_room_id", "pesan_bantuan", ["room_id", "seat_id"])
