"""When a datagram came: the kernel's stamp, which does not wait for a loop that slept."""

import struct
from fcntl import ioctl
from socket import socket
from time import time

_SIOCGSTAMPNS = 0x8907
"""Of the datagram that was read last, a timespec of CLOCK_REALTIME (Linux, socket(7))."""
_TIMESPEC = struct.Struct("@ll")


def stamp(opened: socket) -> None:
    """Have its datagrams stamped from here on, where the system can."""
    arrived_at(opened, 0.0)


def arrived_at(opened: socket, now: float) -> float:
    """Of the datagram that was read last, in s on the clock of ``now``; that itself where none is known."""
    try:
        told = ioctl(opened, _SIOCGSTAMPNS, bytes(_TIMESPEC.size))
    except OSError:
        return now
    seconds, nanoseconds = _TIMESPEC.unpack(told)
    age: float = time() - seconds - nanoseconds / 1e9
    return now - max(0.0, age)
