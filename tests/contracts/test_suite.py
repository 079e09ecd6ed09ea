"""What the whole suite makes of a failure: a second look for few, none for many, and never silence."""

from pathlib import Path

import pytest

from tests import run

ONCE = """
import pathlib

def test_of_a_machine_that_stood_still():
    seen = pathlib.Path("seen")
    if not seen.exists():
        seen.touch()
        assert False, "the first time"
"""
ALWAYS = """
import pytest

@pytest.mark.parametrize("number", range({count}))
def test_broken(number):
    assert False, "every time"
"""


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


def ran(suite: Path, text: str, *, again: int = run.TRIED_AGAIN) -> bool:
    (suite / "test_it.py").write_text(text)
    part = run.Part("media", run.pytest(suite, "media", "-ra", "test_it.py"), suite, again=again)
    part.start()
    part.end()
    return run.verdict([part])


def test_what_passes_is_well(suite: Path) -> None:
    assert ran(suite, "def test_it(): pass")


def test_what_passes_alone_is_named_and_not_red(suite: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert ran(suite, ONCE)
    last = capfd.readouterr().out.rpartition("What came of it:")[2]
    assert "test_of_a_machine_that_stood_still" in last
    assert "the first time" in last
    assert "PASSED ALONE" in last


def test_what_fails_twice_is_red(suite: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert not ran(suite, ALWAYS.format(count=1))
    assert "failed again, alone" in capfd.readouterr().out


def test_what_computes_is_not_tried_again(suite: Path) -> None:
    assert not ran(suite, ONCE, again=0)


def test_many_failures_are_no_accident(suite: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert not ran(suite, ALWAYS.format(count=run.TRIED_AGAIN + 1))
    assert "alone" not in capfd.readouterr().out.lower()


def test_a_process_that_dies_is_red(suite: Path) -> None:
    assert not ran(suite, "import os\ndef test_it(): os._exit(7)")


def test_a_file_that_cannot_be_read_is_red(suite: Path) -> None:
    assert not ran(suite, "import nothing_of_this_name")
