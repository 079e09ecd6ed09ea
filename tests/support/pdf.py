"""What stands in a PDF, as a reader's copy and paste gives it."""

from pypdfium2 import PdfDocument

FOOT_LINES = 2


def pages_of(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in PdfDocument(pdf)]


def text_of(pdf: bytes) -> str:
    """Without the foot of each page, and without spaces and line breaks: where a line was broken is not what
    was said."""
    return squeezed("".join("".join(page.splitlines()[:-FOOT_LINES]) for page in pages_of(pdf)))


def squeezed(text: str) -> str:
    return "".join(text.split()).replace("\u200b", "")
