"""A device in words, from what its browser says of itself: "Firefox on Linux". A hint for its owner, no proof."""

from __future__ import annotations

# The first that occurs wins: most browsers name others before themselves.
_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def words(agent: str) -> str:
    """The browser and system named in ``agent`` (a User-Agent header), from a fixed list: nothing of it is kept."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "A browser")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "an unknown system")
    return f"{browser} on {system}"
