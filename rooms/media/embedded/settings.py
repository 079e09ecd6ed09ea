"""What the embedded plane is told once, at start; the media process gets the same as JSON."""

from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from rooms.media.embedded.red import DEEPEST

HANDSHAKE_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class MediaSettings:
    data_dir: Path
    """Holds the control sockets, the workers' locks and ``recordings/``. Keep it short: a Unix socket's path
    has at most 107 bytes."""
    workers: int = 1
    """Media processes; each room is in one of them, and each takes one core at most."""
    number: int = 0
    """Which of them; only ``of_worker`` sets it."""
    udp_port: int = 7882
    """UDP and TCP; further workers have the next ones. 0: any free one; the worker's welcome tells which."""
    bind_address: str = "0.0.0.0"
    """``::``: all of IPv6 and of IPv4."""
    announced_addresses: tuple[str, ...] = ()
    """Addresses that browsers are told to send to (a public address, say). Empty: this machine's own."""
    video_bits_per_s: int = 2_100_000
    """What a publisher's camera may use."""
    egress_mbit: float = 0.0
    """What the server's line carries outwards, Mbit/s: pictures keep to it. 0: what this machine can."""
    shown_audio_loss: float = 0.08
    """Least loss reported to publishers, so that Opus carries error correction before it is needed. 0: they
    are told the truth."""
    deepest_red: int = DEEPEST
    """Most packets of sound that go along with each towards seats that lose; 0: none ever."""
    handshake_share: float = HANDSHAKE_SHARE
    """Of the media process's time, at most, for those who come in: the sound of those inside goes on."""
    silence_s: float = 30.0
    """A peer is lost after this long without any valid packet."""
    orphan_grace_s: float = 30.0
    """How long the media process goes on without a server before it mutes and ends."""
    recorder_module: str = "rooms.recording"
    """Run as ``python -m MODULE --socket PATH --directory RECORDINGS``."""

    @property
    def control_socket(self) -> Path:
        return self.data_dir / f"media{self._suffix}.sock"

    @property
    def lock_file(self) -> Path:
        """Locked by the living media process, which writes its process id into it."""
        return self.data_dir / f"media{self._suffix}.lock"

    @property
    def _suffix(self) -> str:
        return f"-{self.number}" if self.number else ""

    @property
    def recordings(self) -> Path:
        return self.data_dir / "recordings"


SETTINGS: TypeAdapter[MediaSettings] = TypeAdapter(MediaSettings)


def of_worker(settings: MediaSettings, number: int) -> MediaSettings:
    """What one of the workers is told: its own port, its share of the server's line."""
    return replace(
        settings,
        workers=1,
        number=number,
        udp_port=settings.udp_port + number if settings.udp_port else 0,
        egress_mbit=settings.egress_mbit / settings.workers,
    )
