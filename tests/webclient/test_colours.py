"""Every pair of colours that carries words reaches 4.5:1, light and dark (WCAG 2.2, 1.4.3)."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "webclient" / "static" / "css" / "tokens.css"

PAIRS = [
    ("ink", "paper"),
    ("ink", "surface"),
    ("ink", "sunken"),
    ("ink-soft", "paper"),
    ("ink-soft", "surface"),
    ("ink-soft", "sunken"),
    ("brand", "paper"),
    ("brand", "surface"),
    ("brand", "brand-wash"),
    ("brand-ink", "brand"),
    ("brand-ink", "brand-strong"),
    ("wait", "wait-wash"),
    ("ready", "ready-wash"),
    ("ready", "paper"),
    ("ready-fill-ink", "ready-fill"),
    ("live", "live-wash"),
    ("live", "surface"),
    ("live", "paper"),
    ("live-fill-ink", "live-fill"),
    ("good", "good-wash"),
    ("held", "held-wash"),
    ("theatre-ink", "theatre"),
    ("theatre-soft", "theatre"),
    ("ready-fill", "theatre"),
]


def schemes() -> dict[str, dict[str, str]]:
    """Colours by name, light and dark; dark inherits what it does not name."""
    light_text, dark_text = TOKENS.read_text().split("@media (prefers-color-scheme: dark)")
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", text)) for text in (light_text, dark_text))
    return {"light": light, "dark": light | dark}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_formula() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") < 4.5 < contrast("#767676", "#ffffff")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("words", "ground"), PAIRS)
def test_words_can_be_read(scheme: str, words: str, ground: str) -> None:
    colours = schemes()[scheme]
    assert contrast(colours[words], colours[ground]) >= 4.5
