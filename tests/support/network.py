"""A network of the test's own: a namespace with an address, for what does not work on loopback."""

import asyncio
import os
import shutil
import sys

import pytest

ADDRESS = "192.168.77.1"
# A cable to nowhere is enough of a network; browsers also want a way out of it.
_NETWORK = f"""
PATH=$PATH:/usr/sbin:/sbin
ip link set lo up
ip link add v0 type veth peer name v1
ip addr add {ADDRESS}/24 dev v0
ip link set v0 up
ip link set v1 up
ip route add default via 192.168.77.2 dev v0
"""


async def run_in_network(module: str, *words: str) -> int:
    """Exit status of ``python -m module WORDS ADDRESS``. Skips the test where there can be no namespace."""
    unshare = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-rn"]
    if not shutil.which("unshare") or await _run(*unshare, "sh", "-ec", _NETWORK) != 0:
        pytest.skip(
            "no network namespace here: needs `unshare` and `ip` (package iproute2) and the right to use them"
        )
    scene = f'{_NETWORK}\nexec "$@"'
    return await _run(*unshare, "sh", "-ec", scene, "sh", sys.executable, "-m", module, *words, ADDRESS)


async def _run(*words: str) -> int:
    process = await asyncio.create_subprocess_exec(*words)
    return await process.wait()
