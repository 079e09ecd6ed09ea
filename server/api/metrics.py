"""``/metrics``: what the server does, in numbers, for a Prometheus that watches over it.

Made anew for each request from what rooms, journal and media processes count anyway, so that counting costs
nothing between two of them. Labels are kinds, causes, roles and codes: no room, seat, link or person.
"""

import asyncio
import hmac
import ipaddress
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from aiohttp import web
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from rooms.media.plane import JOIN_BUCKETS_S, ProcessCounts, ProcessStats
from rooms.meeting.vocabulary import MeetingStatus
from server.kept import JOURNAL
from server.keys import METRICS_TOKEN, PLANE
from server.refusals import Refusal
from server.signalling.entrance import CLOSED, HALLS
from server.signalling.media import OFFERS

_GAUGES = {
    "rooms": "Sessions that it has.",
    "peers": "Browsers whose media may flow.",
    "seats": "Of them, those that may send.",
    "mean_loss": "What browsers lose of what they receive, 0..1.",
    "worst_loss": "What the worst of them loses, 0..1.",
    "tasks": "Tasks of the media process.",
}
"""Of ``ProcessCounts``."""


async def show(request: web.Request) -> web.Response:
    """200; 403 for whoever has no token, or without one set does not ask from this machine."""
    if not _may_see(request):
        raise Refusal(403, "forbidden")
    app = request.app
    halls = app[HALLS].open_now.values()
    seats = [seat for hall in halls for seat in hall.room.meeting.presence.seats.values()]
    seen = _Seen(
        statuses=Counter(hall.room.meeting.agenda.status for hall in halls),
        seats_connected=sum(seat.connected for seat in seats),
        seats=len(seats),
        sockets=Counter(client.identity.role for hall in halls for client in hall.audience.clients),
        closed=app[CLOSED],
        offers=app[OFFERS],
        appends=app[JOURNAL].appends,
        entries=app[JOURNAL].entries,
        conflicts=app[JOURNAL].conflicts,
        tasks=len(asyncio.all_tasks()),
        media=await app[PLANE].stats(),
    )
    registry = CollectorRegistry()
    registry.register(_Collected(seen))
    ProcessCollector(registry=registry)
    return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})


def _may_see(request: web.Request) -> bool:
    token = request.app[METRICS_TOKEN]
    if token:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    # Behind a proxy on this machine everybody would seem to ask from here.
    forwarded = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"))
    try:
        address = ipaddress.ip_address(request.remote or "")
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback and not forwarded


@dataclass(frozen=True, slots=True)
class _Seen:
    statuses: Counter[MeetingStatus]
    seats_connected: int
    seats: int
    sockets: Counter[str]
    closed: Counter[int]
    offers: Counter[str]
    appends: int
    entries: int
    conflicts: int
    tasks: int
    media: list[ProcessStats]


class _Collected(Collector):
    """One moment's numbers as Prometheus asks for them."""

    def __init__(self, seen: _Seen) -> None:
        self._seen = seen

    def collect(self) -> Iterable[Metric]:
        yield from self._meetings()
        yield from self._media()

    def _meetings(self) -> Iterator[Metric]:
        seen = self._seen
        rooms = GaugeMetricFamily("rembug_rooms", "Sessions that are open here.", labels=["status"])
        for status in MeetingStatus:
            rooms.add_metric([status], seen.statuses[status])
        yield rooms
        yield GaugeMetricFamily("rembug_seats", "Seats of the open sessions.", seen.seats)
        yield GaugeMetricFamily("rembug_seats_connected", "Of them, who is there.", seen.seats_connected)
        sockets = GaugeMetricFamily("rembug_sockets", "Screens that are connected.", labels=["role"])
        for role, count in sorted(seen.sockets.items()):
            sockets.add_metric([role], count)
        yield sockets
        closed = CounterMetricFamily("rembug_sockets_closed", "Lines that ended, by code.", labels=["code"])
        for code, count in sorted(seen.closed.items()):
            closed.add_metric([str(code)], count)
        yield closed
        offers = CounterMetricFamily("rembug_offers", "Offers, by outcome.", labels=["outcome"])
        for outcome, count in sorted(seen.offers.items()):
            offers.add_metric([outcome], count)
        yield offers
        yield CounterMetricFamily("rembug_journal_appends", "Commits of the journal.", seen.appends)
        yield CounterMetricFamily("rembug_journal_entries", "Events they wrote.", seen.entries)
        yield CounterMetricFamily("rembug_journal_conflicts", "Appends decided again.", seen.conflicts)
        yield GaugeMetricFamily("rembug_tasks", "Tasks of the web process.", seen.tasks)

    def _media(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("rembug_media_up", "Whether the media process answers.", labels=["worker"])
        restarts = CounterMetricFamily(
            "rembug_media_restarts", "How often it had to be replaced.", labels=["worker"]
        )
        for process in self._seen.media:
            up.add_metric([str(process.number)], process.counts is not None)
            restarts.add_metric([str(process.number)], process.restarts)
        yield up
        yield restarts
        counted = [(str(p.number), p.counts) for p in self._seen.media if p.counts is not None]
        for name, help_text in _GAUGES.items():
            gauge = GaugeMetricFamily(f"rembug_media_{name}", help_text, labels=["worker"])
            for worker, counts in counted:
                gauge.add_metric([worker], getattr(counts, name))
            yield gauge
        yield from _packets(counted)
        drops = CounterMetricFamily(
            "rembug_media_dropped", "Packets dropped, by cause.", labels=["worker", "cause"]
        )
        joins = HistogramMetricFamily(
            "rembug_media_join_seconds", "From an offer to its media.", labels=["worker"]
        )
        for worker, counts in counted:
            for cause, count in sorted(counts.dropped.items()):
                drops.add_metric([worker, cause], count)
            drops.add_metric([worker, "recorder_full"], counts.recorder_drops)
            bounds = [*map(str, JOIN_BUCKETS_S), "+Inf"]
            at_most = list(zip(bounds, accumulate(counts.joins), strict=True))
            joins.add_metric([worker], at_most, counts.join_seconds)
        yield drops
        yield joins


def _packets(counted: list[tuple[str, ProcessCounts]]) -> Iterator[Metric]:
    packets = CounterMetricFamily(
        "rembug_media_packets", "RTP packets.", labels=["worker", "direction", "kind"]
    )
    octets = CounterMetricFamily(
        "rembug_media_sent_bytes", "Payload sent; its rate is the bitrate.", labels=["worker", "kind"]
    )
    for worker, counts in counted:
        for direction, by_kind in (("in", counts.received), ("out", counts.sent)):
            for kind, count in sorted(by_kind.items()):
                packets.add_metric([worker, direction, kind], count)
        for kind, count in sorted(counts.sent_bytes.items()):
            octets.add_metric([worker, kind], count)
    yield packets
    yield octets
