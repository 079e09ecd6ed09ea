"""The decision chain: every decision, the camats' lists, and what is entered back afterwards."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_EMPTY = sa.text("''")


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def upgrade() -> None:
    for name in ("nomor_sipd", "realisasi", "diprioritaskan_by"):
        op.add_column("catatan", sa.Column(name, sa.Text(), nullable=False, server_default=_EMPTY))
    op.add_column("catatan", sa.Column("diprioritaskan_at", sa.BigInteger()))
    op.create_table(
        "keputusan",
        sa.Column("id", sa.Integer(), nullable=False),
        *_texts("catatan_id"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        *_texts("actor", "nama", "jabatan", "peran", "tahap", "tindakan", "putusan", "ke_tahap"),
        *_texts("alasan", "rekomendasi", "catatan"),
        sa.Column("volume", sa.Text()),
        sa.Column("biaya", sa.BigInteger()),
        sa.Column("atas_nama", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["catatan_id"], ["catatan.id"], name=op.f("fk_keputusan_catatan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keputusan")),
        sa.UniqueConstraint("catatan_id", "version", name=op.f("uq_keputusan_catatan_id_version")),
    )
    op.create_table(
        "musrenbangcam",
        sa.Column("tahun_rencana", sa.Integer(), autoincrement=False, nullable=False),
        *_texts("kecamatan_kode"),
        sa.Column("pagu_indikatif", sa.BigInteger()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tahun_rencana", "kecamatan_kode", name=op.f("pk_musrenbangcam")),
    )
    op.create_table(
        "peringkat",
        *_texts("catatan_id"),
        sa.Column("urutan", sa.Integer(), nullable=False),
        sa.Column("masuk_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["catatan_id"], ["catatan.id"], name=op.f("fk_peringkat_catatan_id")),
        sa.PrimaryKeyConstraint("catatan_id", name=op.f("pk_peringkat")),
    )
