"""Words of the pages for signing in."""

from server.pages.masuk import device_of


def test_a_browser_is_known_by_two_words() -> None:
    agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML) Chrome/140 Mobile Safari/537.36"
    assert device_of(agent) == "Chrome, Android"
    assert device_of("<script>") == ""
