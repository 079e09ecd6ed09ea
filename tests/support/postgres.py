"""A PostgreSQL of the tests' own: a fresh cluster in a temporary folder, on a Unix socket only.

Debian keeps the programs outside PATH, and they refuse to run as root: then the package's own user runs them.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

_DEBIAN = Path("/usr/lib/postgresql")
_USER = "postgres"


def missing() -> str | None:
    """Why no cluster can be started here; None when one can."""
    if _programs() is None:
        return (
            f"no PostgreSQL found, neither in PATH nor under {_DEBIAN} (Debian: apt-get install postgresql)"
        )
    if os.geteuid() == 0 and not _account_exists():
        return f"PostgreSQL refuses to run as root and there is no user {_USER!r}"
    return None


@contextmanager
def cluster() -> Iterator["Cluster"]:
    """Start, hand out, stop and remove."""
    programs = _programs()
    assert programs is not None, missing()
    # not pytest's tmp_path: the socket's address may have 107 bytes, and another user must be able to enter
    home = Path(tempfile.mkdtemp(prefix="rembug-pg-"))
    if os.geteuid() == 0:
        account = pwd.getpwnam(_USER)
        os.chown(home, account.pw_uid, account.pw_gid)
    home.chmod(0o755)
    data = home / "data"
    try:
        _run([programs / "initdb", "-D", data, "-U", _USER, "-A", "trust", "-E", "UTF8", "--no-sync"])
        options = f"-c listen_addresses='' -c unix_socket_directories='{home}'"
        _run([programs / "pg_ctl", "-D", data, "-o", options, "-l", home / "log", "-w", "start"])
        try:
            yield Cluster(home, programs)
        finally:
            _run([programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(home, ignore_errors=True)


class Cluster:
    def __init__(self, home: Path, programs: Path) -> None:
        self._home = home
        self._programs = programs
        self._count = 0

    def create(self, template: str = "template1") -> str:
        """The name of a new database: an empty one, or a copy of one that nobody is connected to."""
        self._count += 1
        name = f"rembug_{self._count}"
        _run([self._programs / "createdb", "-h", self._home, "-U", _USER, "-T", template, name])
        return name

    def url(self, name: str) -> str:
        return f"postgresql://{_USER}@/{name}?host={quote(str(self._home))}"


def _programs() -> Path | None:
    versions = sorted(_DEBIAN.glob("*/bin"), key=lambda path: float(path.parts[-2]), reverse=True)
    in_path = [Path(found).parent] if (found := shutil.which("initdb")) else []
    for folder in (*versions, *in_path):
        if all((folder / name).exists() for name in ("initdb", "pg_ctl", "createdb")):
            return folder
    return None


def _account_exists() -> bool:
    try:
        pwd.getpwnam(_USER)
    except KeyError:
        return False
    return True


def _run(command: list[str | Path]) -> None:
    words = [str(word) for word in command]
    user = _USER if os.geteuid() == 0 else None
    extra: list[int] | None = [] if user else None
    # output to a file, not a pipe: the server that pg_ctl leaves behind would hold a pipe open
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            words,
            user=user,
            group=user,
            extra_groups=extra,
            cwd="/",
            stdout=output,
            stderr=output,
            check=False,
        )
        output.seek(0)
        assert done.returncode == 0, f"{words}: {output.read().decode()}"
