"""What the whole suite makes of a failure: a second look for few, none for many, and never silence."""

from pathlib import Path

import pytest

from tests import run

ONCE = """
import pathlib
import pytest

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
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    return tmp_path


def ran(suite: Path, text: str, *, again: int = run.TRIED_AGAIN) -> bool:
    (suite / "test_it.py").write_text(text)
    part = run.Part("media", run.pytest(suite, "media", "-ra", "test_it.py"), suite, again=again)
    part.start()
    part.end()
    return run.verdict([part])


def last_lines(capfd: pytest.CaptureFixture[str]) -> str:
    return capfd.readouterr().out.rpartition("What came of it:")[2]


def test_what_passes_is_well(suite: Path) -> None:
    assert ran(suite, "def test_it(): pass")


def test_what_passes_alone_is_named_and_not_red(suite: Path, capfd: pytest.CaptureFixture[str]) -> None:
    loud = "import logging\nlogging.getLogger().error('in the log')\n        assert False"
    assert ran(suite, ONCE.replace("assert False", loud.replace("\nlog", "\n        log")))
    last = last_lines(capfd)
    assert "test_of_a_machine_that_stood_still" in last
    assert "the first time" in last
    assert "PASSED ALONE" in last
    assert "in the log" not in last


def test_what_fails_twice_is_red(suite: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert not ran(suite, ALWAYS.format(count=1))
    assert "alone: 1 failed" in last_lines(capfd)


def test_what_is_left_out_the_second_time_has_not_passed(suite: Path) -> None:
    left_out = "    else:\n        pytest.skip('no network here')\n"
    assert not ran(suite, ONCE.rstrip("\n") + "\n" + left_out)


def test_what_was_never_run_has_not_passed(suite: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "-x")
    assert not ran(suite, ONCE + ALWAYS.format(count=5))


def test_what_one_test_left_behind_is_no_matter_of_another(suite: Path) -> None:
    """It is the second that fails, and alone it passes."""
    leak = "class Left:\n    def __del__(self): raise OSError('left')\nKEPT = []\n"
    first = "def test_a(): KEPT.append(Left())\n"
    assert not ran(suite, leak + first + "def test_b(): KEPT.clear()\n")


def test_what_goes_wrong_at_the_end_is_red_whatever_passes_alone(suite: Path) -> None:
    (suite / "conftest.py").write_text("def pytest_unconfigure():\n    print('late')\n")
    assert not ran(suite, ONCE)


def test_what_computes_is_not_tried_again(suite: Path) -> None:
    assert not ran(suite, ONCE, again=0)


def test_many_failures_are_no_accident(suite: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert not ran(suite, ALWAYS.format(count=run.TRIED_AGAIN + 1))
    assert "alone" not in capfd.readouterr().out.lower()


def test_a_process_that_dies_is_red(suite: Path) -> None:
    assert not ran(suite, "import os\ndef test_it(): os._exit(7)")


def test_a_file_that_cannot_be_read_is_red(suite: Path) -> None:
    assert not ran(suite, "import nothing_of_this_name")


def test_each_folder_of_a_part_is_there() -> None:
    """A folder that has moved would be in two parts, or in one whose failures are forgiven."""
    named = (run.BROWSERS, run.FIREFOX, *run.MEDIA, *(folder for some in run.LOW.values() for folder in some))
    root = Path(run.__file__).parent.parent
    assert [folder for folder in named if not (root / folder).exists()] == []
