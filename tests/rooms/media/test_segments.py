"""Packets of one size leave as one message that the kernel parts, where it can."""

import errno
import socket
import sys

import pylibsrtp
import pytest

from rooms.media.embedded.batch import BatchEgress
from rooms.media.embedded.march import TOGETHER
from tests.support.egress_seats import Rooms, packet, session, source_for

NOTE = """
local noted, send = ...
return function(fd, messages, count)
    for at = 0, count - 1 do noted[#noted + 1] = tonumber(messages[at].msg_hdr.msg_iov[0].iov_len) end
    return send(fd, messages, count, 0)
end
"""


@pytest.mark.parametrize(
    ("bodies", "messages"),
    [
        ([1000] * 20, [20]),
        ([1000] * 19 + [1], [20]),
        ([1000, 1000, 999, 1000, 1001], [3, 1, 1]),
        ([90, 1000], [1, 1]),
        ([900] * TOGETHER, [TOGETHER]),
        ([900] * 65, [TOGETHER, TOGETHER, 1]),
        ([1344] * (TOGETHER + 1), [TOGETHER, 1]),
    ],
)
async def test_packets_of_one_size_leave_as_one_message(
    rooms: Rooms, bodies: list[int], messages: list[int]
) -> None:
    """The kernel parts it again; a shorter one may close it, and no longer one may follow."""
    mux, (seat,) = rooms(1)
    source, egress = source_for([seat]), BatchEgress(mux)
    egress.fan_out(source, [packet(0, b"the first goes alone")], 1.0)
    march = egress.march
    noted = march._lua.table()
    march._program.sendmmsg = march._lua.execute(NOTE, noted, march._program.sendmmsg)
    run = [packet(number, b"p" * size) for number, size in enumerate(bodies, 1)]
    sent = egress.fan_out(source, run, 1.0)
    assert (sent.packets, sent.octets) == (len(run), sum(bodies))
    opener = session(pylibsrtp.Policy.SSRC_ANY_INBOUND)
    assert [len(opener.unprotect(data)) - 12 for data in seat.heard()[1:]] == bodies
    left = iter(bodies)
    assert list(noted.values()) == [sum(12 + next(left) + 16 for _ in range(many)) for many in messages]
    assert not mux.dropped


_SO_NO_CHECK = 11


async def test_a_socket_that_takes_no_segments_gets_packets(rooms: Rooms) -> None:
    """Without checksums the kernel parts nothing."""
    mux, seats = rooms(3)
    source, egress = source_for(seats), BatchEgress(mux)
    mux.opened.setsockopt(socket.SOL_SOCKET, _SO_NO_CHECK, 1)
    message = b"two"
    ancillary = [(socket.IPPROTO_UDP, 103, (2).to_bytes(2, sys.byteorder))]
    with pytest.raises(OSError, match="Invalid argument"):
        mux.opened.sendmsg([message], ancillary, 0, seats[0].bearer.address)
    egress.fan_out(source, [packet(number, b"p" * 900) for number in range(20)], 1.0)
    egress.fan_out(source, [packet(20, b"sound")], 1.0)
    assert [len(seat.heard()) for seat in seats] == [21] * 3
    assert not mux.dropped


REFUSE = """
local tried, error = ...
return function(fd, messages, count)
    tried[#tried + 1] = count
    require("ffi").errno(error)
    return -1
end
"""


@pytest.mark.parametrize("error", [errno.EIO, errno.EINVAL])
async def test_what_cannot_go_as_segments_goes_one_by_one(rooms: Rooms, error: int) -> None:
    """A device that cannot part messages, or a way for smaller packets, is known only once one is sent."""
    mux, seats = rooms(3)
    source, egress = source_for(seats), BatchEgress(mux)
    first, *run = (packet(index, b"%d" % index * 900) for index in range(1, 6))
    egress.fan_out(source, [first], 1.0)
    assert [len(seat.heard()) for seat in seats] == [1] * 3
    march = egress.march
    works, tried = march._program.sendmmsg, march._lua.table()
    march._program.sendmmsg = march._lua.execute(REFUSE, tried, error)
    egress.fan_out(source, run, 1.0)
    assert list(tried.values()) == [3, 2, 1], "and each of them is parted"
    opener = session(pylibsrtp.Policy.SSRC_ANY_INBOUND)
    assert [opener.unprotect(data)[12:] for data in seats[2].heard()] == [one.body for one in run]
    assert [len(seat.heard()) for seat in seats[:2]] == [4] * 2
    assert not mux.dropped
    march._program.sendmmsg = works
    egress.fan_out(source, [packet(index, b"later") for index in range(6, 10)], 1.0)
    assert [len(seat.heard()) for seat in seats] == [4] * 3
    assert march.together == (1 if error == errno.EIO else TOGETHER)
