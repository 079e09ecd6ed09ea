"""Off localhost: by TLS and an address of a network, in a namespace of the test's own."""

import asyncio
import os
import shutil
import sys
from pathlib import Path

import pytest

ADDRESS = "192.168.77.1"
# A cable to nowhere is enough of a network; browsers also want a way out of it.
NETWORK = f"""
PATH=$PATH:/usr/sbin:/sbin
ip link set lo up
ip link add v0 type veth peer name v1
ip addr add {ADDRESS}/24 dev v0
ip link set v0 up
ip link set v1 up
ip route add default via 192.168.77.2 dev v0
"""


async def _run(*words: str) -> int:
    process = await asyncio.create_subprocess_exec(*words)
    return await process.wait()


async def _namespaces() -> list[str] | None:
    """How a namespace with a network of its own is had here; None when it is not."""
    words = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-rn"]
    if not shutil.which("unshare"):
        return None
    return words if await _run(*words, "sh", "-ec", NETWORK) == 0 else None


async def test_an_office_of_the_network_sees_and_hears_the_hall(tmp_path: Path) -> None:
    words = await _namespaces()
    if words is None:
        pytest.skip(
            "no network namespace here: needs `unshare` and `ip` (package iproute2) and the right to use them"
        )
    scene = f"{NETWORK}\nexec {sys.executable} -m tests.support.lan {tmp_path} {ADDRESS}"
    assert await _run(*words, "sh", "-ec", scene) == 0
