"""The recorder as the process that it is, and a hand on its socket."""

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from rooms.recording.feed import FeedFrame, encode

START_S = 60.0


class RunningRecorder:
    def __init__(self, directory: Path, socket_path: Path, command: list[str]) -> None:
        self.directory = directory
        self.socket_path = socket_path
        self.errors = (socket_path.parent / "errors").open("w+")
        self.process = subprocess.Popen(
            [*command, "--socket", str(socket_path), "--directory", str(directory)],
            stdout=subprocess.PIPE,
            stderr=self.errors,
        )

    def connect(self) -> socket.socket:
        deadline = time.monotonic() + START_S
        while True:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                connection.connect(str(self.socket_path))
            except (FileNotFoundError, ConnectionRefusedError):
                connection.close()
                assert self.process.poll() is None, self.log()
                assert time.monotonic() < deadline, self.log()
                time.sleep(0.02)
            else:
                return connection

    def log(self) -> str:
        self.errors.seek(0)
        return self.errors.read()

    def wait(self) -> int:
        """Exit code once it has ended by itself."""
        assert self.process.stdout is not None
        assert self.process.stdout.read() == b"", "nothing is printed"
        return self.process.wait(START_S)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(START_S)

    def close(self) -> None:
        if self.process.poll() is None:
            self.kill()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.errors.close()


StartRecorder = Callable[..., RunningRecorder]


@pytest.fixture
def start_recorder(tmp_path: Path) -> Iterator[StartRecorder]:
    """``start_recorder(program=None, *options)``: a recorder on ``tmp_path``; ``program`` is Python to run
    instead."""
    with ExitStack() as stack:

        def start(program: str | None = None, *options: str) -> RunningRecorder:
            # Socket paths may have 107 bytes; tmp_path can be longer.
            sockets = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rec")))
            command = ["-m", "rooms.recording"] if program is None else ["-c", program]
            recorder = RunningRecorder(tmp_path, sockets / "feed", [sys.executable, *command, *options])
            stack.callback(recorder.close)
            return recorder

        yield start


def send(connection: socket.socket, *frames: FeedFrame) -> None:
    connection.sendall(b"".join(map(encode, frames)))
