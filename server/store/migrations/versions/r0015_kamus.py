"""The kamus usulan, and which of its entries a note names."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "kamus",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("kode", "nama", "satuan", "bidang", "opd")),
        sa.Column("teks", sa.Text(), nullable=False),
        sa.Column("ditawarkan", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("kode", name=op.f("pk_kamus")),
    )
    op.add_column(
        "catatan", sa.Column("kamus_usulan", sa.Text(), nullable=False, server_default=sa.text("''"))
    )
