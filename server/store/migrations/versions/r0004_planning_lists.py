"""Long lists of notes: their words are found by an index, and how many there are of each kind is kept."""

import sqlalchemy as sa
from alembic import op

from server.store.search import TEXTS, searchable

revision = "0004"
down_revision = "0003"

KINDS = ("tahun_rencana", "kecamatan_kode", "jenis", "bidang", "tahap", "putusan")

FTS5 = (
    "CREATE VIRTUAL TABLE cari USING fts5(teks, content='pencarian', content_rowid='nomor')",
    """CREATE TRIGGER cari_insert AFTER INSERT ON pencarian BEGIN
        INSERT INTO cari(rowid, teks) VALUES (new.nomor, new.teks); END""",
    """CREATE TRIGGER cari_delete AFTER DELETE ON pencarian BEGIN
        INSERT INTO cari(cari, rowid, teks) VALUES ('delete', old.nomor, old.teks); END""",
    """CREATE TRIGGER cari_update AFTER UPDATE ON pencarian BEGIN
        INSERT INTO cari(cari, rowid, teks) VALUES ('delete', old.nomor, old.teks);
        INSERT INTO cari(rowid, teks) VALUES (new.nomor, new.teks); END""",
)


def upgrade() -> None:
    op.add_column(
        "catatan", sa.Column("kecamatan_kode", sa.Text(), nullable=False, server_default=sa.text("''"))
    )
    op.execute("UPDATE catatan SET kecamatan_kode = substr(kode_wilayah, 1, 8)")
    op.create_index("ix_catatan_created_at_id", "catatan", ["created_at", "id"])
    op.create_index(
        "ix_catatan_kecamatan_kode_created_at_id", "catatan", ["kecamatan_kode", "created_at", "id"]
    )
    pencarian = op.create_table(
        "pencarian",
        sa.Column("nomor", sa.Integer(), nullable=False),
        sa.Column("catatan_id", sa.Text(), nullable=False),
        sa.Column("teks", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["catatan_id"], ["catatan.id"], name=op.f("fk_pencarian_catatan_id")),
        sa.PrimaryKeyConstraint("nomor", name=op.f("pk_pencarian")),
        sa.UniqueConstraint("catatan_id", name=op.f("uq_pencarian_catatan_id")),
    )
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        for statement in FTS5:
            op.execute(statement)
    else:
        op.execute("CREATE INDEX ix_pencarian_teks ON pencarian USING gin (to_tsvector('simple', teks))")
    kept = bind.execute(sa.text(f"SELECT id, {', '.join(TEXTS)} FROM catatan ORDER BY created_at, id"))
    for part in kept.partitions(1_000):
        op.bulk_insert(
            pencarian, [{"catatan_id": row.id, "teks": searchable(dict(row._mapping))} for row in part]
        )
    op.create_table(
        "rekap",
        sa.Column("tahun_rencana", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in KINDS[1:]),
        sa.Column("jumlah", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*KINDS, name=op.f("pk_rekap")),
    )
    kinds = ", ".join(KINDS)
    op.execute(f"INSERT INTO rekap ({kinds}, jumlah) SELECT {kinds}, count(*) FROM catatan GROUP BY {kinds}")
