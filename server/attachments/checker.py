"""Checks a file from outside and ends: its bytes on standard input; on standard output a line with the number
of pages, the kind of file and how long each part is, then the parts, which are what to keep.
``python -m server.attachments.checker scan`` (one part), ``photo`` (the picture and a small one of it) or
``deck`` (of each page of slides a picture, a small one, and its text in UTF-8).

A process of its own with bounds, since files from outside may be made to hurt whoever reads them. A picture
is kept as it looks, encoded anew: nothing else that was in its file comes along, not where it was taken
either. A PDF is kept as it is and never shown, only handed out. What cannot be kept ends with status 2 and
one word on standard error.
"""

import io
import os
import resource
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Picture
    from pypdfium2 import PdfPage

MOST_PAGES = 60
MOST_PIXELS = 50_000_000
"""An A3 sheet at 400 dots per inch has 31 million, a telephone's usual picture 12."""
MEMORY_BYTES = 1536 * 1024 * 1024
CPU_S = 30
QUALITY = 85
SLIDE_PX, SMALL_SLIDE_PX = 1280, 640
MOST_SLIDES = 200
SLIDES_CPU_S = 150
MOST_TEXT = 1500
"""Characters of a page that are read out to who does not see it."""
LONGEST = 4
"""Times the shorter side of a page: what is longer is no slide."""
SLIDE_QUALITY = 78
"""Of WebP: letters stay sharp, and most pages take less than 60 kB, small ones less than 25."""
PHOTO_PX, SMALL_PX = 1600, 320
"""The longer side of a photo and of what stands for it in lists: enough for a screen, little for a line."""

Kept = tuple[int, str, list[bytes]]
"""Pages, kind of file (``pdf``, ``jpg``, ``png``), what to keep."""


class Unfit(Exception):
    """``args[0]``: ``kind``, ``broken``, ``locked``, ``pages`` or ``pixels``."""


def scan(body: bytes) -> Kept:
    """Raises Unfit."""
    if body.startswith(b"%PDF-"):
        return _pdf(body), "pdf", [body]
    kind = _kind(body)
    return 1, "jpg" if kind == "JPEG" else "png", [_encoded(_decoded(body, kind), kind)]


def photo(body: bytes) -> Kept:
    """Raises Unfit."""
    picture = _decoded(body, _kind(body), PHOTO_PX)
    parts = []
    for most in (PHOTO_PX, SMALL_PX):
        picture.thumbnail((most, most))
        parts.append(_encoded(picture, "JPEG"))
    return 1, "jpg", parts


def deck(body: bytes) -> Kept:
    """Raises Unfit. What a page asks for beyond its picture (scripts, links, forms) does not come along."""
    if not body.startswith(b"%PDF-"):
        raise Unfit("kind")
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        document = PdfDocument(body)
        if not 0 < len(document) <= MOST_SLIDES:
            raise Unfit("pages")
        sizes = [document.get_page_size(number) for number in range(len(document))]
        if any(min(size) <= 0 or max(size) > LONGEST * min(size) for size in sizes):
            raise Unfit("pixels")
        parts = []
        for number, size in enumerate(sizes):
            # Fits into the box whatever the page says of its size: that many pixels and no more are painted.
            page = document[number]
            picture = page.render(scale=SLIDE_PX / max(size)).to_pil().convert("RGB")
            text = _text(page)
            page.close()
            for most in (SLIDE_PX, SMALL_SLIDE_PX):
                picture.thumbnail((most, most))
                out = io.BytesIO()
                picture.save(out, "WEBP", quality=SLIDE_QUALITY, method=4)
                parts.append(out.getvalue())
            parts.append(text)
    except PdfiumError as error:
        raise Unfit("locked" if error.err_code == PASSWORD else "broken") from error
    return len(sizes), "webp", parts


def _text(page: "PdfPage") -> bytes:
    """What stands on a page, in one line; empty for a page that is a picture."""
    read = page.get_textpage()
    try:
        # What is asked for is what is read, however much a page claims to hold.
        found = read.get_text_range(0, min(read.count_chars(), 2 * MOST_TEXT)) if read.count_chars() else ""
    finally:
        read.close()
    words = " ".join("".join(one if one.isprintable() else " " for one in found).split())
    return words[:MOST_TEXT].encode(errors="ignore")


PASSWORD = 4
"""FPDF_ERR_PASSWORD: the file is kept shut."""


def _pdf(body: bytes) -> int:
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        document = PdfDocument(body)
        pages = len(document)
        if 0 < pages <= MOST_PAGES:
            for page in document:
                page.get_size()
    except PdfiumError as error:
        raise Unfit("broken") from error
    if not 0 < pages <= MOST_PAGES:
        raise Unfit("pages")
    return pages


def _kind(body: bytes) -> str:
    if body.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    raise Unfit("kind")


def _decoded(body: bytes, kind: str, needed_px: int = 0) -> "Picture":
    """Upright, in plain colours; ``needed_px``: a JPEG need not be decoded much larger than that."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # counted here, before anything is decoded
    try:
        with Image.open(io.BytesIO(body), formats=(kind,)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Unfit("pixels")
            if needed_px:
                picture.draft("RGB", (needed_px, needed_px))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, UnidentifiedImageError, SyntaxError, ValueError) as error:
        raise Unfit("broken") from error
    upright.info.clear()  # comments would be written again otherwise
    return upright


def _encoded(picture: "Picture", kind: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, quality=QUALITY)
    return out.getvalue()


def main(what: str) -> int:
    body = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    cpu_s = SLIDES_CPU_S if what == "deck" else CPU_S
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))
    os.nice(19)
    try:
        pages, suffix, parts = {"scan": scan, "photo": photo, "deck": deck}[what](body)
    except Unfit as unfit:
        sys.stderr.write(str(unfit))
        return 2
    lengths = " ".join(str(len(part)) for part in parts)
    sys.stdout.buffer.write(f"{pages} {suffix} {lengths}\n".encode())
    sys.stdout.buffer.writelines(parts)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
