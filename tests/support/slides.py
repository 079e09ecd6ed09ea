"""PDFs of slides: pages of one colour each, or of words."""

import io

from PIL import Image


def deck_of(*colours: tuple[int, int, int], size: tuple[int, int] = (320, 180)) -> bytes:
    """A PDF with a page of each colour (red, green, blue)."""
    pages = [Image.new("RGB", size, colour) for colour in colours]
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:])
    return out.getvalue()


def deck_saying(*words: str) -> bytes:
    """A PDF with a page for each of them (ASCII), written in Helvetica."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(words)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(words)}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for n, said in enumerate(words):
        shown = f"BT /F1 12 Tf 20 90 Td ({said}) Tj ET"
        objects.append(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 320 180]/Resources<</Font<</F1 3 0 R>>>>"
            f"/Contents {5 + 2 * n} 0 R>>"
        )
        objects.append(f"<</Length {len(shown)}>>stream\n{shown}\nendstream")
    body, offsets = "%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj{text}endobj\n"
    table = "".join(f"{at:010} 00000 n \n" for at in offsets)
    size = len(objects) + 1
    end = f"trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF"
    return (body + f"xref\n0 {size}\n0000000000 65535 f \n{table}" + end).encode()
