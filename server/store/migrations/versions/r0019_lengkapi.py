"""What an office adds to an usulan: how urgent it is, its land, how it is carried out, where, whom to ask."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    for name in ("urgensi", "status_lahan", "pola", "kontak"):
        op.add_column("catatan", sa.Column(name, sa.Text(), nullable=False, server_default=sa.text("''")))
    for name in ("lat", "lng"):
        op.add_column("catatan", sa.Column(name, sa.Double()))
