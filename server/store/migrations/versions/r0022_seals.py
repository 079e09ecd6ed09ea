"""The entries of journals that seal an interval are found without reading the journals."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    sealing = sa.text("type IN ('interval_sealed', 'interval_unsealed')")
    op.create_index(
        "ix_journal_seals", "journal", ["room_id", "seq"], sqlite_where=sealing, postgresql_where=sealing
    )
