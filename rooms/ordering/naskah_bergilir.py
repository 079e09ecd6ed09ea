"""The default policy (R16): dropped speakers, the script, then hands by turns of kecamatan and desa."""

from rooms.ordering.board import Policy
from rooms.ordering.rotation import by_kecamatan
from rooms.ordering.tiers import compose, lost, postponed, script

NASKAH_BERGILIR = Policy("naskah_bergilir/1", compose(lost, script, by_kecamatan, postponed))
