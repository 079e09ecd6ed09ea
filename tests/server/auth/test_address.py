"""Behind a proxy the address of whoever asks is the one that our proxy says, and nobody can choose it."""

import pytest

from server.auth.address import asked_from, networks

OURS = networks("172.16.0.0/12, 127.0.0.1, fd00::/8")


@pytest.mark.parametrize(
    ("peer", "forwarded", "wanted"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        # Who comes without a proxy may say what it likes.
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("172.18.0.3", "203.0.113.7", "203.0.113.7"),
        ("::ffff:172.18.0.3", "203.0.113.7", "203.0.113.7"),
        ("fd00::3", "2001:db8::7", "2001:db8::7"),
        # Two proxies of ours, one behind the other.
        ("172.18.0.3", "203.0.113.7, 172.18.0.2", "203.0.113.7"),
        # What stood in the header before our proxy wrote into it.
        ("172.18.0.3", "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("172.18.0.3", "198.51.100.1, 172.18.0.9, 203.0.113.7", "203.0.113.7"),
        ("172.18.0.3", "", "172.18.0.3"),
        ("172.18.0.3", "unknown", "172.18.0.3"),
        ("172.18.0.3", "198.51.100.1, <script>", "172.18.0.3"),
        ("", "203.0.113.7", ""),
    ],
)
def test_only_our_proxies_are_believed(peer: str, forwarded: str, wanted: str) -> None:
    assert asked_from(peer, forwarded, OURS) == wanted


def test_without_proxies_nothing_is_believed() -> None:
    assert asked_from("172.18.0.3", "203.0.113.7", networks("")) == "172.18.0.3"
