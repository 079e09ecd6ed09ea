"""Whoever attends an office's own meeting may vote and speak, speak, or neither: ``hak`` of sidang_hadir."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("sidang_hadir", sa.Column("hak", sa.Text(), nullable=False, server_default=sa.text("''")))
