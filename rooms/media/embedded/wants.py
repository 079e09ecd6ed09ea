"""Which layers of one line its publisher is to send. Pure; time is an argument (s)."""

from collections.abc import Collection
from dataclasses import dataclass, field

REST_AFTER_S = 5.0
"""So long unwanted before a layer is to rest: it begins again with a keyframe of all of them."""


@dataclass(slots=True)
class Wants:
    """A layer that is wanted is asked for at once; what is unwanted rests only after a while."""

    layers: tuple[str, ...]
    """By rid, the lowest first."""
    told: tuple[str, ...] = ()
    """What the publisher was told to send; it begins with all."""
    _wanted_at: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.told = self.layers

    def heard(self, wanted: Collection[str | None], now: float) -> bool:
        """``wanted``: by anybody, now; none: nobody watches, and all stand ready. True: ``told`` is new."""
        for rid in wanted or self.layers:
            if rid is not None:
                self._wanted_at[rid] = now
        active = tuple(
            rid for rid in self.layers if now - self._wanted_at.setdefault(rid, now) < REST_AFTER_S
        )
        changed = active != self.told
        self.told = active
        return changed
