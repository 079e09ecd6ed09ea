"""What the people at each seat's door saw and heard of their devices is kept, for the Panitia."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "kesiapan",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("room_id", "seat_id")),
        sa.Column("checked_at", sa.BigInteger(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("device", "kamera", "mikrofon", "pengeras", "sambungan")
        ),
        sa.ForeignKeyConstraint(
            ["room_id", "seat_id"],
            ["seats.room_id", "seats.seat_id"],
            name=op.f("fk_kesiapan_room_id_seat_id"),
        ),
        sa.PrimaryKeyConstraint("room_id", "seat_id", name=op.f("pk_kesiapan")),
    )
