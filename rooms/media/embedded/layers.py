"""Which layer of a picture a subscriber is sent, and which ones publishers are asked for. Pure.

A picture may come in several sizes at once (simulcast), each a Publication of its own. A change of layer is
made like a change of speaker, at the new one's next keyframe; but until that comes the old one goes on.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rooms.media.embedded.members import PREVIEWS, Member, Publication, Subscription
from rooms.media.embedded.peer import Peer
from rooms.media.plane import Kind, Pictures, Slot

STALLED_S = 1.0
"""A layer of which nothing came for so long does not come: its publisher left it out, or has stopped."""


@dataclass(frozen=True, slots=True)
class Choice:
    now: Publication | None
    """Feeds the lane from now on."""
    then: Publication | None = None
    """Takes over at its next keyframe."""
    wished: Publication | None = None
    """What the subscriber should have, whether it comes at present or not."""


NOTHING = Choice(None)


def highest(member: Member, subscription: Subscription, layers: int) -> int:
    """The highest of so many layers that a lane is to be sent; -1: none. Sound is never left out."""
    wanted = unlimited(member, subscription, layers)
    # A panel's pictures wait behind all others, and are left out first, by the pacer.
    if subscription.kind is Kind.AUDIO or subscription.slot is Slot.PANEL:
        return wanted
    return min(wanted, member.most.get(subscription.slot, member.share.beginning(wanted)))


def unlimited(member: Member, subscription: Subscription, layers: int) -> int:
    """The same for a line that carries all."""
    if subscription.kind is Kind.AUDIO:
        return layers - 1
    if member.pictures is Pictures.NONE:
        return -1
    small = member.pictures is Pictures.SMALL or member.sees_screen or subscription.slot in PREVIEWS
    return 0 if small else layers - 1


def choose(layers: Sequence[Publication], most: int, subscription: Subscription) -> Choice:
    """``layers``: of the seat that is to be seen, the lowest first; ``most``: the highest to take, -1: none.

    What feeds the lane now goes on, also when it is too high, until the keyframe of the better one.
    """
    if not layers or most < 0:
        return NOTHING
    affordable = layers[: most + 1]
    best = next((layer for layer in reversed(affordable) if layer.flowing), None)
    present = subscription.source
    if present in layers and not subscription.lane.waiting:
        return Choice(present, best if best is not present else None, affordable[-1])
    return Choice(best or affordable[0], None, affordable[-1])


def best_of(layers: Sequence[Publication]) -> Publication | None:
    """What is recorded: the highest that comes; before any does, the highest."""
    flowing = [layer for layer in layers if layer.flowing] or list(layers)
    return flowing[-1] if flowing else None


def feed(subscription: Subscription, source: Publication | None) -> bool:
    """Connect a lane, which has no source or has left it, to what feeds it now. True if that is a change."""
    changed = subscription.lane.feed_from(source.ring if source is not None else None)
    subscription.source = source
    if source is not None:
        source.wanted = True
        (source.thumbs if subscription.slot is Slot.PANEL else source.routes).append(subscription)
    return changed


def change_layer(to: Publication) -> None:
    """Its keyframe has come: who waited for it leaves the layer that went on until now."""
    moving, to.awaiting = to.awaiting, []
    for subscription in moving:
        if subscription.source is not None:
            subscription.source.routes.remove(subscription)
        feed(subscription, to)


TellLayers = Callable[[Peer, str, tuple[str, ...]], None]
"""Tells a publisher which layers of one of its lines (by mid) to send."""


def tell_wanted(members: Iterable[Member], now: float, tell: TellLayers) -> None:
    """Tell the publishers among ``members`` what is wanted of them, where that has changed."""
    for member in members:
        for mid, wants in member.wants.items():
            wanted = {p.rid for p in member.publications if p.wanted and p.line.mid == mid}
            if wants.heard(wanted, now):
                tell(member.peer, mid, wants.told)
