"""Every address of the server, on a page; who may use those under a link is ``server.access.ROUTES``."""

from aiohttp import web

from server.api import catatan, clips, gladi, health, keadilan, konsep, metrics, timeline
from server.auth.guard import Handler, guarded
from server.keys import STATIC
from server.pages import keadilan as keadilan_page
from server.pages import screens, sesi, usulan
from server.signalling import entrance, media

GET, POST, PUT, PATCH, DELETE = "GET", "POST", "PUT", "PATCH", "DELETE"

OPEN: tuple[tuple[str, str, Handler], ...] = (
    (GET, "/", screens.door),
    (GET, "/m/{token}", screens.exchange),
    (GET, "/s/{grant}", screens.with_slash),
    (GET, "/healthz", health.healthz),
    (GET, "/metrics", metrics.show),
)
"""For everybody."""

UNDER_A_LINK: tuple[tuple[str, str, str, Handler], ...] = (
    (GET, "", "room", screens.screen),
    (GET, "ws", "ws", entrance.enter),
    (POST, "media/offer", "media_offer", media.offer),
    (DELETE, "media/{peer_id}", "media_leave", media.leave),
    (PUT, "media/{peer_id}/panel", "media_panel", media.watch),
    (GET, "replay", "replay", screens.replay),
    (GET, "api/timeline", "timeline", timeline.show),
    (GET, "keadilan", "keadilan", keadilan_page.show),
    (GET, "api/keadilan", "keadilan_data", keadilan.show),
    (GET, "api/keadilan.csv", "keadilan_export", keadilan.export),
    (GET, "api/panggilan.csv", "panggilan_export", keadilan.export_calls),
    (GET, "clips/{clip_id}.webm", "clip", clips.play),
    (GET, "api/catatan", "catatan_list", catatan.find),
    (POST, "api/catatan", "catatan_take", catatan.take),
    (GET, "api/catatan.{kind:csv|xlsx}", "catatan_export", catatan.export),
    (GET, "api/catatan/{id}", "catatan_one", catatan.one),
    (PATCH, "api/catatan/{id}", "catatan_change", catatan.change),
    (POST, "api/catatan/{id}/penyebutan", "catatan_mention", catatan.mention),
    (POST, "api/catatan/{id}/konfirmasi", "catatan_confirm", catatan.confirm),
    (POST, "api/catatan/{id}/keliru", "catatan_remark", catatan.remark),
    (GET, "api/konsep", "konsep_list", konsep.find),
    (GET, "api/konsep/{id}", "konsep_one", konsep.one),
    (PUT, "api/konsep/{id}", "konsep_save", konsep.save),
    (DELETE, "api/konsep/{id}", "konsep_drop", konsep.drop),
    (GET, "sesi", "sesi_list", sesi.find),
    (GET, "sesi/baru", "sesi_form", sesi.form),
    (POST, "sesi/baru", "sesi_create", sesi.create),
    (GET, "sesi/{room}", "sesi_one", sesi.one),
    (GET, "sesi/{room}/keadilan", "sesi_keadilan", keadilan_page.show),
    (GET, "sesi/{room}/keadilan.csv", "sesi_keadilan_export", keadilan.export),
    (GET, "sesi/{room}/panggilan.csv", "sesi_panggilan_export", keadilan.export_calls),
    (POST, "sesi/{room}/tautan/{other}/baru", "sesi_link", sesi.renew),
    (POST, "sesi/{room}/tautan/{other}/cabut", "sesi_revoke", sesi.revoke),
    (POST, "sesi/{room}/gladi", "sesi_gladi", sesi.rehearse),
    (GET, "sesi/{room}/replay", "sesi_replay", screens.replay),
    (GET, "sesi/{room}/api/timeline", "sesi_timeline", timeline.show),
    (GET, "sesi/{room}/clips/{clip_id}.webm", "sesi_clip", clips.play),
    (GET, "sesi/{room}/api/catatan", "sesi_catatan", catatan.find),
    (GET, "sesi/{room}/api/catatan.{kind:csv|xlsx}", "sesi_catatan_export", catatan.export),
    (GET, "usulan", "usulan_list", usulan.find),
    (GET, "usulan.xlsx", "usulan_export", usulan.export),
    (GET, "usulan/{id}", "usulan_one", usulan.one),
    (POST, "gladi/kursi", "gladi_seats", gladi.seats),
)
"""Method, path after ``/s/{grant}/``, name in ``access.ROUTES``, handler."""


def add_routes(app: web.Application) -> None:
    for method, path, handler in OPEN:
        app.router.add_route(method, path, handler)
    for method, path, name, handler in UNDER_A_LINK:
        when_revoked = entrance.revoked if name == "ws" else None
        app.router.add_route(method, f"/s/{{grant}}/{path}", guarded(name, handler, when_revoked), name=name)
    app.router.add_static("/static/", app[STATIC], append_version=False)
