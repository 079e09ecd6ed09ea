"""Every operation of ``/api/v1``, on a page.

Each is mounted twice: below a personal link (``/s/{grant}/api/v1/``, with its cookie), and, where keys of
other applications may use it, at ``/api/v1/`` (``server.routes``). What they take and answer stands in the
handlers.
"""

from server.api import catatan, foto, kamus, lampiran, mirip, sesi, sidang, tindak_lanjut
from server.api.operations import Operation

GET, POST, PUT, PATCH = "GET", "POST", "PUT", "PATCH"

OPERATIONS: tuple[Operation, ...] = (
    Operation(GET, "catatan", "catatan_list", catatan.find, "Daftar catatan dan usulan, yang terbaru dahulu"),
    Operation(
        POST,
        "catatan",
        "catatan_take",
        catatan.take,
        "Mencatat; `id` (UUID) dibuat pengirim, dan kiriman yang sama boleh diulang",
        status=201,
        refused=(404, 409, 503),
    ),
    Operation(
        GET, "catatan/{id}", "catatan_one", catatan.one, "Satu catatan dengan riwayat dan penyebutannya"
    ),
    Operation(
        PATCH,
        "catatan/{id}",
        "catatan_change",
        catatan.change,
        "Mengubah isian; `version` ialah versi yang dilihat pengubah",
        refused=(409,),
    ),
    Operation(
        POST,
        "catatan/{id}/penyebutan",
        "catatan_mention",
        catatan.mention,
        "Menambah atau memindahkan penyebutan: kapan dan di mana catatan ini dibicarakan",
        status=201,
        refused=(409,),
    ),
    Operation(
        POST,
        "catatan/{id}/prioritas",
        "catatan_prioritise",
        catatan.prioritise,
        "Pleno memprioritaskan: masuk daftar musrenbangcam camatnya",
        refused=(409,),
    ),
    Operation(
        POST, "catatan/{id}/konfirmasi", "catatan_confirm", catatan.confirm, "Desa membenarkan usulannya"
    ),
    Operation(
        POST, "catatan/{id}/keliru", "catatan_remark", catatan.remark, "Desa menyebut yang keliru", status=201
    ),
    Operation(
        POST,
        "catatan/{id}/diperiksa",
        "catatan_examined",
        catatan.examined,
        "Yang disebut keliru sudah diperiksa",
    ),
    Operation(GET, "mirip", "mirip", mirip.find, "Catatan yang mungkin sama dengan yang sedang diketik"),
    Operation(
        POST,
        "catatan/{id}/tautan",
        "catatan_link",
        mirip.link,
        "Menautkan dua catatan yang mungkin sama, atau melepas tautannya",
    ),
    Operation(
        GET, "sidang", "sidang_show", sidang.show, "Sidang kantor sendiri: pokok, hadir, daftar usulan"
    ),
    Operation(PUT, "sidang", "sidang_pokok", sidang.set_pokok, "Pokok sidang, juga selesai atau belum"),
    Operation(PUT, "sidang/hadir/{id}", "sidang_hadir", sidang.set_hadir, "Mencatat seorang yang hadir"),
    Operation(
        PUT, "sidang/usulan/{id}", "sidang_usulan", sidang.set_line, "Menulis satu baris daftar usulan"
    ),
    Operation(PUT, "sidang/urutan", "sidang_urutan", sidang.rank, "Urutan prioritas daftar usulan"),
    Operation(
        GET,
        "tindak-lanjut",
        "tindak_lanjut",
        tindak_lanjut.find,
        "Arahan dan keluhan dengan penanggung jawab, tenggat dan statusnya; yang paling terlambat dahulu",
        refused=(404,),
    ),
    Operation(GET, "kamus", "kamus", kamus.find, "Butir kamus usulan yang mirip dengan yang sedang diketik"),
    Operation(GET, "opd", "daftar_opd", kamus.opd, "Nama perangkat daerah"),
    Operation(
        GET,
        "foto/{foto}",
        "foto_data",
        foto.data,
        "Satu foto dari catatan; nomornya di `foto` catatan itu",
        kind="image/jpeg",
    ),
    Operation(
        GET,
        "lampiran/{lampiran}",
        "lampiran_data",
        lampiran.data,
        "Surat pengantar atau RAB suatu usulan; nomornya di `lampiran` catatan itu",
        kind=lampiran.OCTETS,
    ),
    Operation(GET, "sesi", "daftar_sesi", sesi.find, "Daftar sesi, tanggal terbaru dahulu", refused=(404,)),
    Operation(GET, "sesi/{room}", "satu_sesi", sesi.one, "Satu sesi"),
    Operation(
        GET, "wilayah", "daftar_wilayah", sesi.places, "Desa dan kelurahan menurut kode", refused=(404,)
    ),
)
