"""Every string of the screens can be translated, and the catalogue that translators start from is fresh."""

import re
from pathlib import Path

from babel.messages.pofile import read_po

from webclient.words import POT, gather, of_script

WEBCLIENT = Path(__file__).resolve().parents[2] / "webclient"
SCRIPTS = sorted((WEBCLIENT / "static" / "js").rglob("*.js"))
TEMPLATES = sorted((WEBCLIENT / "templates").glob("*.html"))

_CALL = re.compile(r'(?<![\w.])t\(\s*"((?:[^"\\]|\\.)*)"')
_NOT_LITERAL = re.compile(r"(?<![\w.])t\(\s*[^\"\s]")


def catalogue() -> set[str]:
    with POT.open("rb") as file:
        return {str(message.id) for message in read_po(file) if message.id}


def test_the_catalogue_is_fresh() -> None:
    assert POT.read_bytes() == gather(), "run `make words`"


def test_no_word_of_a_script_escapes_extraction() -> None:
    known = catalogue()
    for script in SCRIPTS:
        text = re.sub(r"/\*.*?\*/", "", script.read_text(encoding="utf-8"), flags=re.DOTALL)
        for source in _CALL.findall(text):
            assert source in known, f"{script.name}: {source}"
        if script.name != "t.js":
            assert not _NOT_LITERAL.search(text), f"{script.name}: t() takes a literal"


def test_a_word_inside_the_arguments_of_another_is_found() -> None:
    assert list(of_script('t("Dari {a}", { a: b || t("kosong") }); /* t("tidak") */ at("bukan")')) == [
        "Dari {a}",
        "kosong",
    ]


def test_templates_say_nothing_outside_gettext() -> None:
    """What is left of a template after tags, expressions and comments are taken away has no letters."""
    for template in TEMPLATES:
        text = template.read_text(encoding="utf-8")
        for pattern in (
            r"\{% block (?:\w+_class|script) %\}.*?\{% endblock %\}",
            r"\{#.*?#\}",
            r"\{%.*?%\}",
            r"\{\{.*?\}\}",
            r"<!--.*?-->",
            r"<[^>]*>",
            r"[a-z-]+=\"[^\"]*\"",
        ):
            text = re.sub(pattern, " ", text, flags=re.DOTALL)
        left = [w for w in re.findall(r"[^\W\d_]{2,}", text) if w not in {"Rembug"}]
        assert not left, f"{template.name}: {left}"
        said = re.findall(
            r'\s(?:placeholder|aria-label|title|alt)="([^"{]*[^\W\d_][^"{]*)"', template.read_text()
        )
        assert not said, f"{template.name}: {said}"


def test_scripts_and_templates_keep_the_strict_policy() -> None:
    """No markup from strings, no inline style or script: the Content-Security-Policy allows none."""
    for script in SCRIPTS:
        text = script.read_text(encoding="utf-8")
        for forbidden in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
        ):
            assert forbidden not in text, f"{script.name}: {forbidden}"
    for template in TEMPLATES:
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=", text), template.name
        assert not re.search(r"\son[a-z]+=", text), template.name
        assert "<style" not in text, template.name
        for attributes in re.findall(r"<script([^>]*)>", text):
            assert "src=" in attributes or 'type="application/json"' in attributes, template.name
