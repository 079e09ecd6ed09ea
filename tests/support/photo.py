"""A photo as a telephone makes it, and one that nobody should open."""

import io
import struct
import zlib

from PIL import Image
from playwright.async_api import FilePayload

WHERE = b"-8.2192 114.3691"


def jpeg(colour: str = "teal", size: tuple[int, int] = (2400, 1200)) -> bytes:
    """Lying on its side, saying where it was taken, twice."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    exif.get_ifd(0x8825)[29] = WHERE.decode()
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", exif=exif, comment=WHERE)
    return out.getvalue()


def bomb() -> bytes:
    """A PNG of some hundred bytes that says it has 60,000 x 60,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(9)))
        + chunk(b"IEND", b"")
    )


CHOSEN: FilePayload = {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
"""As it is chosen in a form."""
