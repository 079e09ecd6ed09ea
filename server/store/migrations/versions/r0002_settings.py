"""Sessions keep the settings they were prepared with; those from before have the usual ones."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("rooms") as rooms:
        rooms.add_column(sa.Column("settings", sa.JSON(), nullable=True))
