"""Every address of the server, on a page; who may use those of links and accounts: ``server.access``.

What ``/api/v1`` has is listed in ``server.api.v1``.
"""

from aiohttp import web

from server.api import (
    bantuan,
    catatan,
    clips,
    document,
    foto,
    gladi,
    health,
    kartu,
    keadilan,
    kesiapan,
    konsep,
    lampiran,
    layar,
    metrics,
    paparan,
    sambungan,
    timeline,
)
from server.api.operations import served
from server.api.v1 import OPERATIONS
from server.auth.bearer import with_key
from server.auth.guard import Handler, guarded
from server.auth.identity import DESK
from server.pages import (
    akun,
    apa_jadinya,
    aplikasi,
    dokumen,
    dokumen_isian,
    masuk,
    musrenbangcam,
    pekerjaan,
    ringkasan,
    screens,
    sesi,
    sidang,
    ubah,
    undangan,
    usulan,
    usulan_satu,
)
from server.pages import keadilan as keadilan_page
from server.pages import kesiapan as kesiapan_page
from server.pages import lampiran as lampiran_page
from server.signalling import entrance, media
from server.static import static_file

GET, POST, PUT, DELETE = "GET", "POST", "PUT", "DELETE"

OPEN: tuple[tuple[str, str, Handler], ...] = (
    (GET, "/", screens.door),
    (POST, "/", screens.enter_code),
    (GET, "/m/{token}", screens.exchange),
    (GET, "/layar/{token}", screens.exchange),
    (GET, "/s/{grant}", screens.with_slash),
    (GET, "/masuk", masuk.form),
    (POST, "/masuk", masuk.enter),
    (GET, "/masuk/sandi/{token}", masuk.password_form),
    (POST, "/masuk/sandi/{token}", masuk.set_password),
    (GET, DESK.rstrip("/"), masuk.with_slash),
    (GET, "/static/{path:.+}", static_file),
    (GET, "/healthz", health.healthz),
    (GET, "/metrics", metrics.show),
    (GET, "/api/v1/", document.page),
    (GET, "/api/v1/openapi.json", document.show),
)
"""For everybody."""

UNDER_A_LINK: tuple[tuple[str, str, str, Handler], ...] = (
    (GET, "", "room", screens.screen),
    (GET, "ws", "ws", entrance.enter),
    (POST, "media/offer", "media_offer", media.offer),
    (DELETE, "media/{peer_id}", "media_leave", media.leave),
    (PUT, "media/{peer_id}/panel", "media_panel", media.watch),
    (POST, "media/{peer_id}/train", "media_train", sambungan.send_train),
    (GET, "api/sambungan", "sambungan_list", sambungan.find),
    (PUT, "api/sambungan", "sambungan_keep", sambungan.keep),
    (POST, "paparan", "paparan_add", paparan.add),
    (DELETE, "paparan/{deck}", "paparan_remove", paparan.remove),
    (GET, r"paparan/{deck}/{halaman:\d{1,3}}-{lebar:1280|640}.webp", "paparan_page", paparan.page),
    (GET, r"paparan/{deck}/{halaman:\d{1,3}}.txt", "paparan_text", paparan.text),
    (GET, "api/layar/usulan", "layar_usulan", layar.newest),
    (PUT, "api/kesiapan", "kesiapan_keep", kesiapan.keep),
    (GET, "api/bantuan", "bantuan_list", bantuan.find),
    (POST, "api/bantuan", "bantuan_send", bantuan.send),
    (POST, "api/bantuan/tautan", "bantuan_link", bantuan.renew),
    (GET, "replay", "replay", screens.replay),
    (GET, "api/timeline", "timeline", timeline.show),
    (GET, "keadilan", "keadilan", keadilan_page.show),
    (GET, "api/keadilan", "keadilan_data", keadilan.show),
    (GET, "api/kartu/{seat}", "kartu", kartu.show),
    (GET, "api/keadilan.csv", "keadilan_export", keadilan.export),
    (GET, "api/panggilan.csv", "panggilan_export", keadilan.export_calls),
    (GET, "clips/{clip_id}.webm", "clip", clips.play),
    (GET, "foto/{foto}.jpg", "foto", foto.show),
    (GET, "lampiran/{lampiran}", "lampiran", lampiran.show),
    (PUT, "api/catatan/{id}/foto/{foto}", "foto_add", foto.add),
    (DELETE, "api/catatan/{id}/foto/{foto}", "foto_remove", foto.remove),
    (GET, "api/catatan.{kind:csv|xlsx}", "catatan_export", catatan.export),
    *((o.method, f"api/v1/{o.path}", o.name, served(o)) for o in OPERATIONS),
    (GET, "api/konsep", "konsep_list", konsep.find),
    (GET, "api/konsep/{id}", "konsep_one", konsep.one),
    (PUT, "api/konsep/{id}", "konsep_save", konsep.save),
    (DELETE, "api/konsep/{id}", "konsep_drop", konsep.drop),
    (GET, "sidang/", "sidang", sidang.show),
    (GET, "sidang/luring.js", "sidang_luring", sidang.worker),
    (GET, "komponen", "komponen", screens.components),
    (GET, "sesi", "sesi_list", sesi.find),
    (GET, "sesi/baru", "sesi_form", sesi.form),
    (POST, "sesi/baru", "sesi_create", sesi.create),
    (GET, "sesi/{room}", "sesi_one", sesi.one),
    (GET, "sesi/{room}/keadilan", "sesi_keadilan", keadilan_page.show),
    (GET, "sesi/{room}/keadilan.csv", "sesi_keadilan_export", keadilan.export),
    (GET, "sesi/{room}/panggilan.csv", "sesi_panggilan_export", keadilan.export_calls),
    (POST, "sesi/{room}/tautan", "sesi_complete", sesi.complete),
    (POST, "sesi/{room}/tautan/{other}/baru", "sesi_link", sesi.renew),
    (POST, "sesi/{room}/tautan/{other}/cabut", "sesi_revoke", sesi.revoke),
    (POST, "sesi/{room}/gladi", "sesi_gladi", sesi.rehearse),
    (GET, "sesi/{room}/replay", "sesi_replay", screens.replay),
    (GET, "sesi/{room}/api/timeline", "sesi_timeline", timeline.show),
    (GET, "sesi/{room}/clips/{clip_id}.webm", "sesi_clip", clips.play),
    (GET, "sesi/{room}/foto/{foto}.jpg", "sesi_foto", foto.show),
    (
        GET,
        r"sesi/{room}/paparan/{deck}/{halaman:\d{1,3}}-{lebar:1280|640}.webp",
        "sesi_paparan",
        paparan.page,
    ),
    (GET, r"sesi/{room}/paparan/{deck}/{halaman:\d{1,3}}.txt", "sesi_paparan_text", paparan.text),
    (GET, "sesi/{room}/api/v1/catatan", "sesi_catatan", served(OPERATIONS[0])),
    (GET, "sesi/{room}/api/catatan.{kind:csv|xlsx}", "sesi_catatan_export", catatan.export),
    (GET, "sesi/{room}/sidang", "sesi_sidang", sidang.of_session),
    (POST, "sesi/{room}/sidang", "sesi_sidang_impor", sidang.take_over),
    (GET, "sesi/{room}/ubah", "sesi_ubah", ubah.form),
    (POST, "sesi/{room}/ubah", "sesi_change", ubah.change),
    (GET, "sesi/{room}/kesiapan", "kesiapan", kesiapan_page.show),
    (GET, "sesi/{room}/undangan", "undangan", undangan.show),
    (POST, "sesi/{room}/undangan/lembar", "undangan_make", undangan.make),
    (GET, "sesi/{room}/undangan/kemajuan", "undangan_progress", undangan.progress),
    (GET, "sesi/{room}/undangan/lembar.pdf", "undangan_pdf", undangan.pdf),
    (GET, "sesi/{room}/undangan/acara.ics", "undangan_ics", undangan.calendar),
    (GET, "sesi/{room}/undangan/{kursi}.pdf", "undangan_one", undangan.one),
    (GET, "sesi/{room}/dokumen", "dokumen", dokumen.show),
    (GET, "sesi/{room}/dokumen/kemajuan", "dokumen_progress", dokumen.progress),
    (GET, "sesi/{room}/dokumen/{jenis}.zip", "dokumen_bundle", dokumen.bundle),
    (POST, "sesi/{room}/dokumen/{jenis}", "dokumen_make_all", dokumen.make_all),
    (GET, "sesi/{room}/dokumen/ringkasan", "dokumen_ringkasan", ringkasan.show),
    (GET, "sesi/{room}/dokumen/{jenis}/kata", "dokumen_words", dokumen_isian.words),
    (POST, "sesi/{room}/dokumen/{jenis}/kata", "dokumen_reword", dokumen_isian.reword),
    (POST, "sesi/{room}/dokumen/{jenis}/{kursi}/tanda-tangan", "dokumen_sign", dokumen_isian.sign),
    (POST, "sesi/{room}/dokumen/{jenis}/{kursi}/pindaian", "dokumen_attach", dokumen_isian.attach),
    (GET, "sesi/{room}/dokumen/{jenis}/{kursi}/pindaian/{id}", "dokumen_scan", dokumen_isian.scan),
    (GET, "sesi/{room}/dokumen/{jenis}/{kursi}", "dokumen_one", dokumen.one),
    (POST, "sesi/{room}/dokumen/{jenis}/{kursi}", "dokumen_make", dokumen.make),
    (GET, r"sesi/{room}/dokumen/{jenis}/{kursi}/{versi:\d{1,6}}.pdf", "dokumen_pdf", dokumen.pdf),
    (GET, "usulan", "usulan_list", usulan.find),
    (GET, "usulan.xlsx", "usulan_export", usulan.export),
    (GET, "usulan.zip", "usulan_bundle", usulan.bundle),
    (GET, "usulan/{id}", "usulan_one", usulan_satu.one),
    (POST, "usulan/{id}/putuskan", "usulan_decide", usulan_satu.decide),
    (
        POST,
        "usulan/{id}/lampiran/{jenis:surat_pengantar|rab|foto_realisasi}/{lampiran}",
        "lampiran_add",
        lampiran_page.add,
    ),
    (POST, "usulan/{id}/lampiran/{lampiran}/hapus", "lampiran_remove", lampiran_page.remove),
    (POST, "usulan/{id}/prioritaskan", "usulan_prioritise", usulan_satu.prioritise),
    (GET, "pekerjaan", "pekerjaan", pekerjaan.show),
    (POST, "pekerjaan/pratinjau", "pekerjaan_preview", pekerjaan.preview),
    (POST, "pekerjaan/putuskan", "pekerjaan_decide", pekerjaan.decide),
    (GET, "apa-jadinya", "apa_jadinya", apa_jadinya.show),
    (POST, "apa-jadinya/{id}", "apa_jadinya_change", apa_jadinya.change),
    (GET, "musrenbangcam", "musrenbangcam", musrenbangcam.show),
    (POST, "musrenbangcam/pagu", "musrenbangcam_pagu", musrenbangcam.set_pagu),
    (GET, "akun", "akun_list", akun.find),
    (POST, "akun", "akun_create", akun.create),
    (POST, "akun/{akun}/tautan", "akun_link", akun.renew),
    (POST, "akun/{akun}/tutup", "akun_close", akun.close),
    (POST, "akun/{akun}/buka", "akun_reopen", akun.reopen),
    (GET, "aplikasi", "aplikasi", aplikasi.show),
    (POST, "aplikasi", "aplikasi_make", aplikasi.make),
    (POST, "aplikasi/{other}/cabut", "aplikasi_revoke", aplikasi.revoke),
    (POST, "gladi/kursi", "gladi_seats", gladi.seats),
)
"""Method, path after ``/s/{grant}/``, name in ``access.ROUTES``, handler."""

_WITHOUT_A_ROOM = (
    "sesi",
    "foto",
    "lampiran",
    "usulan",
    "usulan.xlsx",
    "pekerjaan",
    "apa-jadinya",
    "musrenbangcam",
    "akun",
    "aplikasi",
)
SIGNED_IN: tuple[tuple[str, str, str, Handler], ...] = (
    (GET, "", "kerja", masuk.desk),
    (GET, "perangkat", "perangkat", masuk.browsers),
    (POST, "perangkat/{browser}/keluar", "perangkat_out", masuk.end),
    (POST, "keluar", "keluar", masuk.leave),
    (POST, "musrenbangcam/{id}/{arah:naik|turun}", "musrenbangcam_move", musrenbangcam.move),
    *(route for route in UNDER_A_LINK if route[1].partition("/")[0] in _WITHOUT_A_ROOM),
    *((o.method, f"api/v1/{o.path}", o.name, served(o)) for o in OPERATIONS if o.method == GET),
)
"""The same for ``/kerja/``: what needs no room of the link's own, and of the API what only reads."""


def add_routes(app: web.Application) -> None:
    for method, path, handler in OPEN:
        app.router.add_route(method, path, handler)
    for method, path, name, handler in UNDER_A_LINK:
        when_revoked = entrance.revoked if name == "ws" else None
        app.router.add_route(method, f"/s/{{grant}}/{path}", guarded(name, handler, when_revoked), name=name)
    for operation in OPERATIONS:
        if document.for_programs(operation):
            handler = with_key(operation.name, served(operation))
            app.router.add_route(operation.method, f"/api/v1/{operation.path}", handler)
    for method, path, name, handler in SIGNED_IN:
        app.router.add_route(method, f"{DESK}{path}", guarded(name, handler, account=True))
