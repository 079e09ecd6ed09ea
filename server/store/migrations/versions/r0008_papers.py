"""Papers: their versions, and the batches that make them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "papers",
        _text("room_id"),
        _text("jenis"),
        _text("seat_id"),
        sa.Column("version", sa.Integer(), nullable=False, autoincrement=False),
        _text("sidik"),
        _text("berkas"),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sementara", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        _text("created_by"),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.room_id"], name=op.f("fk_papers_room_id")),
        sa.PrimaryKeyConstraint("room_id", "jenis", "seat_id", "version", name=op.f("pk_papers")),
    )
    op.create_table(
        "paper_batches",
        _text("id"),
        _text("room_id"),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        _text("created_by"),
        sa.Column("finished_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.room_id"], name=op.f("fk_paper_batches_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_batches")),
    )
    op.create_index("ix_paper_batches_room_id", "paper_batches", ["room_id"])
    op.create_table(
        "paper_items",
        _text("batch_id"),
        _text("jenis"),
        _text("seat_id"),
        _text("state"),
        sa.ForeignKeyConstraint(["batch_id"], ["paper_batches.id"], name=op.f("fk_paper_items_batch_id")),
        sa.PrimaryKeyConstraint("batch_id", "jenis", "seat_id", name=op.f("pk_paper_items")),
    )
