"""A session says from when to when it goes and whom to call for help; seats' links have short codes."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    for name in ("jam_mulai", "jam_selesai", "telepon"):
        op.add_column("rooms", sa.Column(name, sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("grants", sa.Column("code_hash", sa.LargeBinary(), nullable=True))
    op.create_index("ix_grants_code_hash", "grants", ["code_hash"])
