"""The policies that a meeting's settings may ask for: tiers put together, with a name that says which.

The name is journalled with every call, so it changes whenever the order would.
"""

from functools import lru_cache

from rooms.meeting.vocabulary import MeetingSettings, Urutan
from rooms.ordering.board import Policy
from rooms.ordering.rotation import by_kecamatan, fewest_turns
from rooms.ordering.seconds import seconds_fair
from rooms.ordering.tiers import Tier, aged, compose, first_come, frozen, lost, passed_over, postponed, script

_VERSION = 2
_SHARES: dict[Urutan, Tier] = {
    Urutan.DATANG: first_come,
    Urutan.BERGILIR: by_kecamatan,
    Urutan.TERSEDIKIT: fewest_turns,
    Urutan.DETIK_ADIL: seconds_fair,
}


def choose(settings: MeetingSettings, otherwise: Policy) -> Policy:
    """The policy of these settings; ``otherwise`` where they ask for nothing (R37)."""
    if settings.urutan is None and not settings.penuaan and not settings.beku:
        return otherwise
    return _made(settings.urutan or Urutan.BERGILIR, settings.penuaan, settings.beku)


@lru_cache(maxsize=64)
def _made(urutan: Urutan, penuaan: int, beku: int) -> Policy:
    name = f"naskah_{urutan}"
    tiers: list[Tier] = [lost]
    if beku:
        name += f"+beku{beku}"
        tiers.append(frozen(beku))
    tiers.append(script)
    if penuaan:
        name += f"+penuaan{penuaan}"
        tiers.append(aged(penuaan))
    return Policy(f"{name}/{_VERSION}", compose(*tiers, _SHARES[urutan], passed_over, postponed))
