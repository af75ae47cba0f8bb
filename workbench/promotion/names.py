"""Channels and territories by the names that people write."""

BRANDS = {"pr": "PR", "tiktok": "TikTok", "youtube": "YouTube"}


def spoken(name: str) -> str:
    """Return a channel's or territory's name as people write it."""
    return BRANDS.get(name, name if name.isupper() else name.replace("_", " ").capitalize())
