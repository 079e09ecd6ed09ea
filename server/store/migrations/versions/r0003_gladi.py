"""A session may be a gladi, a rehearsal; a link may end by itself, or with the one that asked for it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    # Not as a batch: for a default that is no literal it would make the table anew, which others refer to.
    op.add_column("rooms", sa.Column("gladi", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("grants", sa.Column("expires_at", sa.BigInteger(), nullable=True))
    op.add_column("grants", sa.Column("made_by", sa.Text(), nullable=True))
