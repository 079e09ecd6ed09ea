"""Off localhost: by TLS and an address of a network, in a namespace of the test's own."""

from pathlib import Path

from tests.support.network import run_in_network


async def test_an_office_of_the_network_speaks_to_the_hall_also_after_its_address_has_changed(
    tmp_path: Path,
) -> None:
    assert await run_in_network("tests.support.lan", str(tmp_path)) == 0
