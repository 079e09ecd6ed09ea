"""Accounts of the people who decide, their one-time links, and where they are signed in."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _instant(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "akun",
        *_texts("id", "masuk", "nama", "jabatan", "peran", "kode_wilayah", "opd"),
        sa.Column("sandi", sa.Text()),
        _instant("created_at"),
        *_texts("created_by"),
        _instant("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_akun")),
        sa.UniqueConstraint("masuk", name=op.f("uq_akun_masuk")),
    )
    op.create_table(
        "akun_tautan",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        *_texts("akun_id"),
        _instant("created_at"),
        *_texts("created_by"),
        _instant("expires_at"),
        _instant("used_at", nullable=True),
        sa.ForeignKeyConstraint(["akun_id"], ["akun.id"], name=op.f("fk_akun_tautan_akun_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_akun_tautan")),
    )
    op.create_table(
        "akun_masuk",
        *_texts("id", "akun_id"),
        _instant("created_at"),
        _instant("seen_at"),
        _instant("ended_at", nullable=True),
        *_texts("perangkat"),
        sa.ForeignKeyConstraint(["akun_id"], ["akun.id"], name=op.f("fk_akun_masuk_akun_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_akun_masuk")),
    )
    op.create_index("ix_akun_tautan_akun_id", "akun_tautan", ["akun_id"])
    op.create_index("ix_akun_masuk_akun_id", "akun_masuk", ["akun_id"])
