"""What a disk holds after a power cut: rebuilt from a trace of a process's system calls.

A write is sure to survive only when its file was synced after it; until then it may survive, or not, whatever
the order. ``strace`` records the calls, ``Disk`` replays them. Names of files are taken to survive.
"""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

CALLS = "pwrite64,write,fsync,fdatasync,ftruncate,unlink"
_LINE = re.compile(r"^\d+ +(?P<rest>.*)$")
_CALL = re.compile(r'^(?P<name>\w+)\((?:\d+<(?P<file>[^>]*)>|"(?P<path>[^"]*)")(?:, )?(?P<arguments>.*)$')
_RESUMED = re.compile(r"^<\.\.\. \w+ resumed>")


def missing(folder: Path) -> str | None:
    """Why no process can be traced here; None when it can."""
    if shutil.which("strace") is None:
        return "strace is not installed (Debian: apt-get install strace)"
    tried = subprocess.run(
        ["strace", "-o", folder / "trial", "true"], capture_output=True, text=True, check=False
    )
    return f"strace may not trace here: {tried.stderr.strip()}" if tried.returncode else None


def trace(command: list[str], to: Path) -> None:
    """Run the command to its end, with its threads and children. Raises CalledProcessError."""
    options = ["-f", "-qq", "-y", "-xx", "-s", "1000000", "-e", f"trace={CALLS}", "-e", "signal=none"]
    subprocess.run(["strace", *options, "-o", to, *command], check=True, capture_output=True)


@dataclass
class _File:
    synced: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)
    """Since the last sync: an offset and the bytes written there, or the length it was cut to and None."""

    def sync(self) -> None:
        for change in self.pending:
            _apply(self.synced, *change)
        self.pending.clear()


class Disk:
    """The files of one folder, as the calls seen so far left them."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._files: dict[str, _File] = {}
        self._syncing: dict[str, str] = {}

    def replay(self, trace_file: Path) -> Iterator[bytes]:
        """Go through the trace, stopping at every write to the standard output with what was written."""
        with trace_file.open(encoding="ascii") as lines:
            for line in lines:
                thread = line.split(" ", 1)[0]
                rest = _LINE.match(line.rstrip("\n"))
                assert rest is not None, line[:100]
                said = self._step(thread, rest["rest"])
                if said is not None:
                    yield said

    def _step(self, thread: str, text: str) -> bytes | None:
        if _RESUMED.match(text):
            if path := self._syncing.pop(thread, None):
                self._file(path).sync()
            return None
        call = _CALL.match(text)
        if call is None:
            return None
        name, path = call["name"], _bytes(call["file"] or call["path"] or "").decode()
        if name == "write" and text.startswith("write(1<"):
            return _bytes(call["arguments"].split('"')[1])
        if not path.startswith(self._folder):
            return None
        if name in ("fsync", "fdatasync"):
            if text.endswith("<unfinished ...>"):
                self._syncing[thread] = path
            else:
                self._file(path).sync()
        elif name == "unlink":
            self._files.pop(path, None)
        else:
            self._change(path, name, call["arguments"])
        return None

    def _change(self, path: str, name: str, arguments: str) -> None:
        file = self._file(path)
        if name == "ftruncate":
            file.pending.append((int(re.split(r"[ )]", arguments)[0]), None))
            return
        assert name == "pwrite64", f"{name} to {path} has no offset"
        _, content, numbers = arguments.split('"')
        offset = int(re.split(r"[ )<]", numbers.removeprefix(", ").split(", ")[1])[0])
        file.pending.append((offset, _bytes(content)))

    def _file(self, path: str) -> _File:
        return self._files.setdefault(path, _File())

    def synced_bytes(self, name: str) -> int:
        """How long this file surely is."""
        return len(self._file(f"{self._folder}/{name}").synced)

    def cut_power(self, into: Path, survives: Callable[[], bool]) -> None:
        """Write the files as they may be found: ``survives`` says so of each write that was not synced."""
        into.mkdir()
        for path, file in self._files.items():
            content = bytearray(file.synced)
            for change in file.pending:
                if survives():
                    _apply(content, *change)
            (into / Path(path).name).write_bytes(content)


def _apply(content: bytearray, offset: int, written: bytes | None) -> None:
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    if written is None:
        del content[offset:]
    else:
        content[offset : offset + len(written)] = written


def _bytes(text: str) -> bytes:
    """``\\x41\\x42`` as strace prints it; a part without escapes stands for itself."""
    return bytes.fromhex(text.replace("\\x", "")) if text.startswith("\\x") else text.encode()
