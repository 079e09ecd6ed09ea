"""Everything that can be set from outside, as ``REMBUG_*`` variables or options of ``rembug serve``.

Read once at the start; nothing else reads the environment.
"""

import socket
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from server.auth.address import networks
from server.planning.tahapan import TIERS, Rantai, Tahap


class Settings(BaseSettings):
    """Raises pydantic.ValidationError with the variable's name when a value cannot be used."""

    model_config = SettingsConfigDict(env_prefix="REMBUG_", extra="ignore", frozen=True)

    host: str = ""
    """Address that the web server listens on; empty: this machine alone, or everyone for a public address."""
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str = ""
    """What people type, e.g. ``https://rembug.example.go.id``; empty: derived from the address and port."""
    public_address: str = "127.0.0.1"
    """IP address at which browsers reach the media port, also that of a router that passes it on (1:1).
    Several with commas, IPv4 and IPv6; the first one also stands in links."""
    media_port: int = Field(default=7882, ge=0, le=65535)
    """UDP and TCP port of sound and picture."""
    media_workers: int = Field(default=1, ge=1, le=16)
    """Media processes, each with the next port number and one core at most; a session is in one of them."""
    media_grace_s: float = Field(default=30, ge=1, le=600)
    """How long sound and picture go on without a server, for the next one to adopt them."""
    egress_mbit: float = Field(default=0, ge=0)
    """What this server's line carries outwards, Mbit/s (100, say): pictures keep to it. 0: unlimited."""
    turn_url: str = ""
    """A relay for lines that let nothing else through: ``turns:turn.example.go.id:5349?transport=tcp``."""
    turn_secret: str = ""
    """What the relay (coturn) has as its ``static-auth-secret``."""
    data_dir: Path = Path("var")
    """Database, recordings, papers, photos, secret and certificate."""
    database_url: str = ""
    """SQLAlchemy address; empty: SQLite in ``data_dir``."""
    secret_file: Path | None = None
    """Signing secret; None: ``data_dir/secret``. Made with mode 0600 when absent."""
    metrics_token: str = Field(default="", pattern=r"^([!-~]{16,})?$")
    """What a Prometheus shows to read ``/metrics``, 16 signs at least; empty: only this machine may."""
    proxies: str = ""
    """Networks of proxies in front, with commas (``172.16.0.0/12``): their X-Forwarded-For is believed."""
    tahap_usulan: str = ",".join(TIERS)
    """The tiers that decide upon an usulan, in their order (server/planning/RULES.md), with commas."""
    tunggu_desa_hari: int = Field(default=3, ge=0, le=365)
    """Days that a desa has to confirm, submit and forward before its camat may for it, *atas nama*."""
    tls_cert: Path | None = None
    tls_key: Path | None = None
    tls_self_signed: bool = False
    language: str = Field(default="id", pattern=r"^[a-z]{2}$")
    """Language of the screens; any but id needs a catalogue ``webclient/locales/<language>.po``."""

    @model_validator(mode="after")
    def _consistent(self) -> "Settings":
        try:
            _ = self.rantai
        except ValueError as error:
            raise ValueError(f"REMBUG_TAHAP_USULAN names tiers of {', '.join(TIERS)}, each once") from error
        try:
            networks(self.proxies)
        except ValueError as error:
            raise ValueError(f"REMBUG_PROXIES names networks: {error}") from error
        if self.media_port and self.media_port + self.media_workers > 65536:
            raise ValueError("REMBUG_MEDIA_PORT leaves no ports for REMBUG_MEDIA_WORKERS")
        if not self.public_addresses:
            raise ValueError("REMBUG_PUBLIC_ADDRESS names no address")
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("REMBUG_TLS_CERT and REMBUG_TLS_KEY belong together")
        if bool(self.turn_url) != bool(self.turn_secret):
            raise ValueError("REMBUG_TURN_URL and REMBUG_TURN_SECRET belong together")
        if self.turn_url and not self.turn_url.startswith(("turn:", "turns:")):
            raise ValueError("REMBUG_TURN_URL starts with turns: or turn:")
        if self.tls_self_signed and self.tls_cert is not None:
            raise ValueError("REMBUG_TLS_SELF_SIGNED makes its own certificate; leave REMBUG_TLS_CERT out")
        if self.public_url and urlsplit(self.public_url).scheme not in ("http", "https"):
            raise ValueError("REMBUG_PUBLIC_URL starts with http:// or https://")
        return self

    @property
    def rantai(self) -> Rantai:
        """The decision chain as this kabupaten has it."""
        tiers = (part.strip() for part in self.tahap_usulan.split(","))
        return Rantai(tuple(Tahap(tier) for tier in tiers), self.tunggu_desa_hari)

    @property
    def tls(self) -> bool:
        """Whether this server speaks TLS itself."""
        return self.tls_self_signed or self.tls_cert is not None

    @property
    def secure(self) -> bool:
        """Whether browsers reach it by TLS, here or at a proxy."""
        return self.tls or self.public_url.startswith("https://")

    @property
    def local(self) -> bool:
        """Whether only browsers on this machine are meant to come in."""
        return self.address in ("127.0.0.1", "::1", "localhost")

    @property
    def public_addresses(self) -> tuple[str, ...]:
        return tuple(part for part in (part.strip() for part in self.public_address.split(",")) if part)

    @property
    def address(self) -> str:
        """The first of them."""
        return self.public_addresses[0]

    @property
    def listen_host(self) -> str:
        if self.host:
            return self.host
        return "127.0.0.1" if self.local else "::" if ":" in self.public_address else "0.0.0.0"

    @property
    def media_host(self) -> str:
        """Where media come in: a proxy in front of the web port does not carry them."""
        if self.local and self.listen_host == "127.0.0.1":
            return "127.0.0.1"
        return "::" if socket.has_dualstack_ipv6() else "0.0.0.0"

    @property
    def secret_path(self) -> Path:
        return self.secret_file or self.data_dir / "secret"

    @property
    def database_address(self) -> str:
        return self.database_url or f"sqlite:///{(self.data_dir / 'rembug.db').absolute()}"

    @property
    def recordings_dir(self) -> Path:
        return self.data_dir / "recordings"

    @property
    def papers_dir(self) -> Path:
        return self.data_dir / "papers"

    @property
    def slides_dir(self) -> Path:
        return self.data_dir / "paparan"

    @property
    def foto_dir(self) -> Path:
        return self.data_dir / "foto"

    def url(self, port: int) -> str:
        """Where people find the server that listens on ``port``, without a slash at the end."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = "localhost" if self.local else self.address
        return f"{'https' if self.tls else 'http'}://{f'[{host}]' if ':' in host else host}:{port}"
