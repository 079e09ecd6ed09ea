"""What the embedded plane is told once, at start; the media process gets the same as JSON."""

import hashlib
from pathlib import Path

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from rooms.media.embedded.red import DEEPEST


@dataclass(frozen=True, slots=True)
class MediaSettings:
    data_dir: Path
    """Holds the control socket, the worker's lock and ``recordings/``. Keep it short: a Unix socket's path
    has at most 107 bytes."""
    udp_port: int = 7882
    """0: any free one; ``EmbeddedPlane.udp_port`` tells which."""
    bind_address: str = "0.0.0.0"
    announced_addresses: tuple[str, ...] = ()
    """Addresses that browsers are told to send to (a public address, say). Empty: this machine's own."""
    video_bits_per_s: int = 1_500_000
    """What a publisher's camera may use."""
    egress_mbit: float = 0.0
    """What the server's line carries outwards, Mbit/s: pictures keep to it. 0: what this machine can."""
    shown_audio_loss: float = 0.08
    """Least loss reported to publishers, so that Opus carries error correction before it is needed. 0: they
    are told the truth."""
    deepest_red: int = DEEPEST
    """Most packets of sound that go along with each towards seats that lose; 0: none ever."""
    silence_s: float = 30.0
    """A peer is lost after this long without any valid packet."""
    orphan_grace_s: float = 30.0
    """How long the media process goes on without a server before it mutes and ends."""
    recorder_module: str = "rooms.recording"
    """Run as ``python -m MODULE --socket PATH --directory RECORDINGS``."""

    @property
    def control_socket(self) -> Path:
        return self.data_dir / "media.sock"

    @property
    def lock_file(self) -> Path:
        """Locked by the living media process, which writes its process id into it."""
        return self.data_dir / "media.lock"

    @property
    def recordings(self) -> Path:
        return self.data_dir / "recordings"


SETTINGS: TypeAdapter[MediaSettings] = TypeAdapter(MediaSettings)


def configuration_of(settings: MediaSettings) -> str:
    """Digest of what a running worker cannot change; a server with other settings does not adopt it."""
    return hashlib.sha256(SETTINGS.dump_json(settings)).hexdigest()
