"""The default policy (R16): dropped speakers, the script, then hands by turns of kecamatan and desa."""

from rooms.ordering.board import Policy
from rooms.ordering.rotation import by_kecamatan
from rooms.ordering.tiers import compose, lost, passed_over, postponed, script

NASKAH_BERGILIR = Policy("naskah_bergilir/2", compose(lost, script, by_kecamatan, passed_over, postponed))
