"""What an offer says of the layers of a picture: its ``a=rid`` and ``a=simulcast`` lines (RFC 8851, 8853).

aiortc's parser drops them, so they are read from the offer's text, after that parser has accepted it. Pure.
"""

import re
from collections.abc import Mapping, Sequence

from rooms.media.plane import OfferRefused

MOST_LAYERS = 3
_RID = re.compile(r"[A-Za-z0-9_-]{1,16}")


def layers_by_mid(sdp: str) -> Mapping[str, tuple[str, ...]]:
    """The rids that a line offers to send, in their order, by its mid; lines without any are not named.

    A stream that begins paused (``~``) is one all the same; of alternatives there may be none. Raises
    OfferRefused.
    """
    found: dict[str, tuple[str, ...]] = {}
    for section in sdp.replace("\r\n", "\n").split("\nm=")[1:]:
        rows = section.split("\n")
        offered = [row.removeprefix("a=simulcast:") for row in rows if row.startswith("a=simulcast:")]
        mid = next((row.removeprefix("a=mid:").strip() for row in rows if row.startswith("a=mid:")), "")
        if offered:
            found[mid] = _layers(mid, rows, offered)
    return found


def _layers(mid: str, rows: Sequence[str], offered: Sequence[str]) -> tuple[str, ...]:
    words = offered[0].split()
    if len(offered) > 1 or len(words) != 2 or words[0] != "send":
        raise OfferRefused("bad_line", f"mid {mid} offers more than to send layers")
    rids = tuple(name.removeprefix("~") for name in words[1].split(";"))
    declared = {tuple(row.removeprefix("a=rid:").split()[:2]) for row in rows if row.startswith("a=rid:")}
    if any(not _RID.fullmatch(rid) or (rid, "send") not in declared for rid in rids):
        raise OfferRefused("bad_line", f"mid {mid} names a layer that it does not declare")
    if len(set(rids)) != len(rids) or len(rids) > MOST_LAYERS:
        raise OfferRefused("bad_line", f"mid {mid} has more than {MOST_LAYERS} layers, or one twice")
    return rids


def answer_rows(rids: Sequence[str]) -> list[str]:
    """What the answer says of them."""
    return [*(f"a=rid:{rid} recv" for rid in rids), f"a=simulcast:recv {';'.join(rids)}"] if rids else []
