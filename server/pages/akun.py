"""The Panitia's page "Akun": who decides, in which role and where; a one-time link sets the password.

The secret of a link is known only when it is made; it is shown for a while after that, from memory.
"""

import logging
import re
from typing import Annotated

from aiohttp import web
from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from server.access import ACCOUNTS as ACCOUNT_ROLES
from server.access import Role
from server.auth.guard import IDENTITY
from server.i18n import N_
from server.kept import ACCOUNTS, KAMUS, WILAYAH
from server.keys import NOW, PUBLIC_URL, WORDS
from server.pages.posted import texts
from server.pages.render import PAGES
from server.pages.screens import boot
from server.pages.shelf import SHELF
from server.planning.catatan import Formulir, Short, catalogued, parse
from server.planning.errors import FieldErrors
from server.refusals import Refusal
from server.store.akun import Akun, AkunSpec, NameTaken

log = logging.getLogger(__name__)

PERAN = {
    Role.CAMAT: N_("Camat"),
    Role.OPD: N_("Perangkat daerah"),
    Role.MITRA: N_("Mitra Bappeda"),
    Role.BAPPEDA: N_("Bappeda"),
    Role.PANITIA: N_("Panitia"),
}
_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{2,99}")
NAME_FORM = N_("Pakai 3 sampai 100 huruf kecil, angka, titik, atau garis, misalnya camat.licin.")
TAKEN = N_("Nama masuk ini sudah dipakai.")
NEEDS_KECAMATAN = N_("Pilih kecamatannya.")
NEEDS_OPD = N_("Isi nama perangkat daerahnya, seperti tertulis pada usulan.")
NOT_LISTED = N_("Kecamatan ini tidak terdaftar.")


def _login_name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise PydanticCustomError("contradictions", "no name", {"fields": {"masuk": NAME_FORM}})
    return value


class AkunBaru(Formulir):
    """POST: a new account."""

    masuk: Annotated[
        str, StringConstraints(strip_whitespace=True, to_lower=True), AfterValidator(_login_name)
    ]
    nama: Annotated[Short, Field(min_length=1)]
    jabatan: Short = ""
    peran: Annotated[str, Field(min_length=1), catalogued(ACCOUNT_ROLES)]
    kode_wilayah: Annotated[str, StringConstraints(pattern=r"^(\d\d\.\d\d\.\d\d)?$")] = ""
    opd: Short = ""

    @model_validator(mode="after")
    def _has_its_place(self) -> "AkunBaru":
        wrong = {}
        if self.peran == Role.CAMAT and not self.kode_wilayah:
            wrong["kode_wilayah"] = NEEDS_KECAMATAN
        if self.peran == Role.OPD and not self.opd:
            wrong["opd"] = NEEDS_OPD
        if wrong:
            raise PydanticCustomError("contradictions", "no place", {"fields": wrong})
        return self

    @property
    def spec(self) -> AkunSpec:
        """What a role has no use for is left out."""
        where = self.kode_wilayah if self.peran in (Role.CAMAT, Role.MITRA) else ""
        opd = self.opd if self.peran == Role.OPD else ""
        return AkunSpec(self.masuk, self.nama, self.jabatan, self.peran, where, opd)


async def find(request: web.Request) -> web.Response:
    """``GET akun``."""
    return await _page(request, {}, {}, 200)


async def create(request: web.Request) -> web.Response:
    """``POST akun``: 303 back to the page, which shows the link; or the form again (422)."""
    typed, app = await texts(request), request.app
    try:
        spec = parse(AkunBaru, typed).spec
        kecamatan = {one.kode for one in await app[WILAYAH].kecamatan()}
        if spec.kode_wilayah and spec.kode_wilayah not in kecamatan:
            raise FieldErrors({"kode_wilayah": NOT_LISTED})
        made, token = await app[ACCOUNTS].create(spec, by=request[IDENTITY].label, at=app[NOW]())
    except FieldErrors as error:
        return await _page(request, typed, error.fields, 422)
    except NameTaken:
        return await _page(request, typed, {"masuk": TAKEN}, 422)
    app[SHELF].keep(made.id, token)
    log.info("account made account=%s by=%s", made.id, request[IDENTITY].actor)
    raise web.HTTPSeeOther(f"{request[IDENTITY].base}akun#{made.id}")


async def renew(request: web.Request) -> web.Response:
    """``POST akun/{akun}/tautan``: a new link, which ends older ones. The password stays until it is used."""
    akun_id, app = request.match_info["akun"], request.app
    token = await app[ACCOUNTS].link(akun_id, by=request[IDENTITY].label, at=app[NOW]())
    if token is None:
        raise Refusal(404, "not_found")
    app[SHELF].keep(akun_id, token)
    raise web.HTTPSeeOther(f"{request[IDENTITY].base}akun#{akun_id}")


async def close(request: web.Request) -> web.Response:
    """``POST akun/{akun}/tutup``."""
    akun_id = request.match_info["akun"]
    if not await request.app[ACCOUNTS].close(akun_id, at=request.app[NOW]()):
        raise Refusal(404, "not_found")
    log.info("account closed account=%s by=%s", akun_id, request[IDENTITY].actor)
    raise web.HTTPSeeOther(f"{request[IDENTITY].base}akun#{akun_id}")


async def reopen(request: web.Request) -> web.Response:
    """``POST akun/{akun}/buka``."""
    akun_id = request.match_info["akun"]
    if not await request.app[ACCOUNTS].reopen(akun_id):
        raise Refusal(404, "not_found")
    raise web.HTTPSeeOther(f"{request[IDENTITY].base}akun#{akun_id}")


async def _page(
    request: web.Request, typed: dict[str, str], wrong: dict[str, str], status: int
) -> web.Response:
    words, app = request.app[WORDS], request.app
    kecamatan = {one.kode: one.nama for one in await app[WILAYAH].kecamatan()}
    return app[PAGES].response(
        "akun.html",
        status=status,
        boot=await boot(request),
        base=request[IDENTITY].base,
        akun=[_row(request, one, kecamatan) for one in await app[ACCOUNTS].all()],
        peran=[(str(role), words(name)) for role, name in PERAN.items()],
        kecamatan=list(kecamatan.items()),
        opd=await request.app[KAMUS].opd(),
        isian=typed,
        galat={field: words(sentence) for field, sentence in wrong.items()},
    )


def _row(request: web.Request, akun: Akun, kecamatan: dict[str, str]) -> dict[str, object]:
    spec, words = akun.spec, request.app[WORDS]
    token = request.app[SHELF].token(akun.id)
    where = words(N_("Kecamatan %(nama)s"), nama=kecamatan.get(spec.kode_wilayah, spec.kode_wilayah))
    return {
        "id": akun.id,
        "masuk": spec.masuk,
        "nama": spec.nama,
        "jabatan": spec.jabatan,
        "peran": words(PERAN[Role(spec.peran)]),
        "tempat": spec.opd or (where if spec.kode_wilayah else ""),
        "tautan": f"{request.app[PUBLIC_URL]}/masuk/sandi/{token}" if token and not akun.ended_at else "",
        "berkata_sandi": akun.has_password,
        "ditutup": akun.ended_at is not None,
    }
