"""What can be set from outside, and the words of the server."""

import datetime
import socket
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509
from pydantic import ValidationError

from rooms.media.plane import OfferRefused
from rooms.meeting.errors import Code
from server.auth.certificate import self_signed, server_context
from server.i18n import Words
from server.planning.tahapan import Rantai, Tahap
from server.refusals import MESSAGES
from server.settings import Settings
from server.signalling.words import REFUSALS

NOW = datetime.datetime(2027, 1, 15, tzinfo=datetime.UTC)
BOTH = "::" if socket.has_dualstack_ipv6() else "0.0.0.0"
"""IPv4 and IPv6, where the machine has that."""


def test_the_environment_sets_everything(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REMBUG_PORT", "9000")
    monkeypatch.setenv("REMBUG_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("REMBUG_PUBLIC_URL", "https://rembug.example/")
    monkeypatch.setenv("REMBUG_EGRESS_MBIT", "100")
    settings = Settings()
    assert settings.egress_mbit == 100
    assert (settings.port, settings.media_port) == (9000, 7882)
    assert settings.database_address == f"sqlite:///{tmp_path}/rembug.db"
    assert settings.secret_path == tmp_path / "secret"
    assert settings.url(9000) == "https://rembug.example"
    assert settings.secure
    assert not settings.tls


@pytest.mark.parametrize(
    ("values", "url"),
    [
        ({}, "http://localhost:8080"),
        ({"public_address": "192.0.2.7", "tls_self_signed": True}, "https://192.0.2.7:8080"),
        ({"public_address": "2001:db8::1"}, "http://[2001:db8::1]:8080"),
        ({"public_address": "192.0.2.7,2001:db8::1"}, "http://192.0.2.7:8080"),
    ],
)
def test_the_address_that_people_type(values: dict[str, object], url: str) -> None:
    assert Settings(**values).url(8080) == url  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "values",
    [
        {"port": 70000},
        {"media_port": 65535, "media_workers": 2},
        {"media_workers": 0},
        {"tls_cert": "a.pem"},
        {"tls_cert": "a.pem", "tls_key": "b.pem", "tls_self_signed": True},
        {"public_url": "rembug.example"},
        {"language": "../id"},
        {"public_address": " , "},
        {"turn_url": "turns:turn.example:5349"},
        {"turn_url": "https://turn.example", "turn_secret": "x"},
        {"tahap_usulan": ""},
        {"tahap_usulan": "desa,desa"},
        {"tahap_usulan": "desa,gubernur"},
        {"tunggu_desa_hari": -1},
    ],
)
def test_values_that_cannot_be_used_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "host", "media_host"),
    [
        ({}, "127.0.0.1", "127.0.0.1"),
        ({"public_address": "192.0.2.7"}, "0.0.0.0", BOTH),
        ({"public_address": "2001:db8::1"}, "::", BOTH),
        ({"public_address": "192.0.2.7, 2001:db8::1"}, "::", BOTH),
        ({"public_address": "192.0.2.7", "host": "127.0.0.1"}, "127.0.0.1", BOTH),
        ({"host": "0.0.0.0"}, "0.0.0.0", BOTH),
    ],
)
def test_a_public_address_is_listened_on_unless_told_otherwise(
    values: dict[str, object], host: str, media_host: str
) -> None:
    settings = Settings(**values)  # type: ignore[arg-type]
    assert (settings.listen_host, settings.media_host) == (host, media_host)


def test_the_tiers_are_this_kabupatens() -> None:
    rantai = Settings(tahap_usulan="kecamatan, mitra_bappeda", tunggu_desa_hari=5).rantai
    assert (rantai.order, rantai.wait_days) == ((Tahap.KECAMATAN, Tahap.MITRA_BAPPEDA), 5)
    assert Settings().rantai == Rantai()


def test_a_port_that_is_taken_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ran = subprocess.run(
            [sys.executable, "-m", "server", "serve", "--port", port, "--data-dir", str(tmp_path)],
            capture_output=True,
            text=True,
            check=False,
        )
    assert ran.returncode == 1
    assert f"127.0.0.1:{port}: " in ran.stderr
    assert "Traceback" not in ran.stderr


def test_the_command_line_names_the_setting_that_is_wrong(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "server", "serve", "--port", "70000", "--data-dir", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert "REMBUG_PORT" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_certificate_covers_its_names_and_is_used_again(tmp_path: Path) -> None:
    cert, key = self_signed(tmp_path, ["localhost", "192.0.2.7"], NOW)
    assert key.stat().st_mode & 0o777 == 0o600
    made = cert.read_bytes()
    names = x509.load_pem_x509_certificate(made).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    assert [str(n.value) for n in names.value] == ["localhost", "192.0.2.7"]
    assert isinstance(server_context(cert, key), ssl.SSLContext)
    assert self_signed(tmp_path, ["192.0.2.7"], NOW)[0].read_bytes() == made
    assert self_signed(tmp_path, ["192.0.2.8"], NOW)[0].read_bytes() != made
    newest = cert.read_bytes()
    assert self_signed(tmp_path, ["192.0.2.8"], NOW + datetime.timedelta(days=397))[0].read_bytes() != newest


def test_every_code_has_a_sentence() -> None:
    assert set(Code) <= set(REFUSALS)
    known = OfferRefused.__doc__
    assert known is not None
    for code in ("malformed_sdp", "too_many_lines", "no_codec", "bad_line", "too_large", "ssrc_taken"):
        assert code in known
        assert code in MESSAGES


def test_a_catalogue_translates_and_what_it_lacks_stays_indonesian(tmp_path: Path) -> None:
    (tmp_path / "en.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Aula"\nmsgstr "Hall"\n\nmsgid "Kec. %(nama)s"\nmsgstr "%(nama)s district"\n\n'
        'msgid "Tutup"\nmsgstr ""\n',
        encoding="utf-8",
    )
    words = Words.load(tmp_path, "en")
    assert (words("Aula"), words("Tutup"), words("Kec. %(nama)s", nama="Licin")) == (
        "Hall",
        "Tutup",
        "Licin district",
    )
    assert Words.load(tmp_path, "id")("Aula") == "Aula"
    with pytest.raises(FileNotFoundError):
        Words.load(tmp_path, "fr")
