"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "journal",
        sa.Column("room_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("v", sa.Integer(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("command_id", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("skeleton", sa.LargeBinary(), nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("private_hash", sa.LargeBinary(), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("room_id", "seq", name=op.f("pk_journal")),
        sa.UniqueConstraint(
            "room_id", "actor", "command_id", "part", name=op.f("uq_journal_room_id_actor_command_id_part")
        ),
    )
    op.create_table(
        "rooms",
        sa.Column("room_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("tanggal", sa.Date(), nullable=False),
        sa.Column("jenis_sesi", sa.Text(), nullable=False),
        sa.Column("tahun_rencana", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), server_default="1", nullable=False),
        sa.Column("catatan_version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("alive_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("room_id", name=op.f("pk_rooms")),
    )
    op.create_table(
        "snapshots",
        sa.Column("room_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fold_version", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("room_id", "seq", name=op.f("pk_snapshots")),
    )
    op.create_table(
        "wilayah",
        sa.Column("kode", sa.Text(), nullable=False),
        sa.Column("jenis", sa.Text(), nullable=False),
        sa.Column("nama", sa.Text(), nullable=False),
        sa.Column("kecamatan_kode", sa.Text(), nullable=False),
        sa.Column("kecamatan_nama", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kode", name=op.f("pk_wilayah")),
    )
    op.create_index(op.f("ix_wilayah_kecamatan_kode"), "wilayah", ["kecamatan_kode"], unique=False)
    op.create_table(
        "agenda_items",
        sa.Column("room_id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.room_id"], name=op.f("fk_agenda_items_room_id")),
        sa.PrimaryKeyConstraint("room_id", "item_id", name=op.f("pk_agenda_items")),
    )
    op.create_table(
        "seats",
        sa.Column("room_id", sa.Text(), nullable=False),
        sa.Column("seat_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("kode_wilayah", sa.Text(), nullable=False),
        sa.Column("script_place", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.room_id"], name=op.f("fk_seats_room_id")),
        sa.PrimaryKeyConstraint("room_id", "seat_id", name=op.f("pk_seats")),
    )
    op.create_table(
        "catatan",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("room_id", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("jenis", sa.Text(), nullable=False),
        sa.Column("tahun_rencana", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Text(), nullable=True),
        sa.Column("kode_wilayah", sa.Text(), nullable=False),
        sa.Column("ucapan", sa.Text(), nullable=False),
        sa.Column("judul", sa.Text(), nullable=False),
        sa.Column("masalah", sa.Text(), nullable=False),
        sa.Column("gagasan", sa.Text(), nullable=False),
        sa.Column("bidang", sa.Text(), nullable=False),
        sa.Column("sub_bidang", sa.Text(), nullable=False),
        sa.Column("dusun", sa.Text(), nullable=False),
        sa.Column("alamat", sa.Text(), nullable=False),
        sa.Column("volume", sa.Text(), nullable=True),
        sa.Column("satuan", sa.Text(), nullable=False),
        sa.Column("perkiraan_biaya", sa.BigInteger(), nullable=True),
        sa.Column("sumber_dana", sa.Text(), nullable=False),
        sa.Column("opd_tujuan", sa.Text(), nullable=False),
        sa.Column("jumlah_terdampak", sa.Integer(), nullable=True),
        sa.Column("pengusul_nama", sa.Text(), nullable=False),
        sa.Column("pengusul_jabatan", sa.Text(), nullable=False),
        sa.Column("kanal", sa.Text(), nullable=False),
        sa.Column("tahap", sa.Text(), nullable=False),
        sa.Column("putusan", sa.Text(), nullable=False),
        sa.Column("penanggung_jawab", sa.Text(), nullable=False),
        sa.Column("tenggat", sa.Date(), nullable=True),
        sa.Column("status_tindak_lanjut", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["room_id", "seat_id"],
            ["seats.room_id", "seats.seat_id"],
            name=op.f("fk_catatan_room_id_seat_id"),
        ),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.room_id"], name=op.f("fk_catatan_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catatan")),
    )
    op.create_index(op.f("ix_catatan_kode_wilayah"), "catatan", ["kode_wilayah"], unique=False)
    op.create_index(op.f("ix_catatan_room_id"), "catatan", ["room_id"], unique=False)
    op.create_table(
        "grants",
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("room_id", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("seat_id", sa.Text(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["room_id", "seat_id"], ["seats.room_id", "seats.seat_id"], name=op.f("fk_grants_room_id_seat_id")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.room_id"], name=op.f("fk_grants_room_id")),
        sa.PrimaryKeyConstraint("public_id", name=op.f("pk_grants")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_grants_token_hash")),
    )
    op.create_index(op.f("ix_grants_room_id"), "grants", ["room_id"], unique=False)
    op.create_table(
        "konsep",
        sa.Column("grant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["grant_id"], ["grants.public_id"], name=op.f("fk_konsep_grant_id")),
        sa.PrimaryKeyConstraint("grant_id", "id", name=op.f("pk_konsep")),
    )
    op.create_table(
        "penyebutan",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("catatan_id", sa.Text(), nullable=False),
        sa.Column("room_id", sa.Text(), nullable=False),
        sa.Column("turn_id", sa.Text(), nullable=True),
        sa.Column("seat_id", sa.Text(), nullable=True),
        sa.Column("spoken_at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=True),
        sa.Column("spoken", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["catatan_id"], ["catatan.id"], name=op.f("fk_penyebutan_catatan_id")),
        sa.ForeignKeyConstraint(
            ["room_id", "seat_id"],
            ["seats.room_id", "seats.seat_id"],
            name=op.f("fk_penyebutan_room_id_seat_id"),
        ),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.room_id"], name=op.f("fk_penyebutan_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penyebutan")),
    )
    op.create_index(op.f("ix_penyebutan_catatan_id"), "penyebutan", ["catatan_id"], unique=False)
    op.create_index("ix_penyebutan_room_id_spoken_at", "penyebutan", ["room_id", "spoken_at"], unique=False)
    op.create_table(
        "riwayat_usulan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("catatan_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["catatan_id"], ["catatan.id"], name=op.f("fk_riwayat_usulan_catatan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_riwayat_usulan")),
    )
    op.create_index(op.f("ix_riwayat_usulan_catatan_id"), "riwayat_usulan", ["catatan_id"], unique=False)
