"""rule: what of other sites may stand on a page: an address as people copy it -> the frame that we build ourselves."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _

# Half the width of a map in degrees at zoom 0; each step of zoom halves it.
WORLD: Final = 180.0
DEEPEST: Final = 19


@dataclass(frozen=True, kw_only=True)
class Embed:
    """A frame of another site: ``url`` is loaded after a click, ``origin`` is what the page then may show."""

    provider: str
    url: str
    page: str
    shape: str = "wide"

    @property
    def origin(self) -> str:
        """The site that the frame comes from."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


_NAME = re.compile(r"[A-Za-z0-9_-]{6,20}")
_NUMBER = re.compile(r"[0-9]{5,12}")
_SPOTIFY = re.compile(r"/(?:intl-[a-z]{2}/)?(track|album|playlist|episode|show|artist)/([A-Za-z0-9]{10,40})")
_PLACE = re.compile(r"map=([0-9]{1,2})/(-?[0-9]{1,2}(?:\.[0-9]{1,8})?)/(-?[0-9]{1,3}(?:\.[0-9]{1,8})?)")


def _youtube(parts: SplitResult) -> Embed | None:
    steps = [step for step in parts.path.split("/") if step]
    asked = parse_qs(parts.query).get("v", [""])[0]
    if parts.hostname == "youtu.be":
        name = steps[0] if steps else ""
    elif len(steps) == 2 and steps[0] in {"embed", "shorts", "live"}:  # noqa: PLR2004 - kind and name
        name = steps[1]
    else:
        name = asked
    if not _NAME.fullmatch(name):
        return None
    return Embed(
        provider="YouTube",
        url=f"https://www.youtube-nocookie.com/embed/{name}",
        page=f"https://www.youtube.com/watch?v={name}",
    )


def _vimeo(parts: SplitResult) -> Embed | None:
    name = parts.path.rstrip("/").rpartition("/")[2]
    if not _NUMBER.fullmatch(name):
        return None
    return Embed(provider="Vimeo", url=f"https://player.vimeo.com/video/{name}?dnt=1", page=f"https://vimeo.com/{name}")


def _spotify(parts: SplitResult) -> Embed | None:
    found = _SPOTIFY.fullmatch(parts.path.removeprefix("/embed").rstrip("/"))
    if found is None:
        return None
    place = f"{found[1]}/{found[2]}"
    return Embed(
        provider="Spotify",
        url=f"https://open.spotify.com/embed/{place}",
        page=f"https://open.spotify.com/{place}",
        shape="low",
    )


def _map(parts: SplitResult) -> Embed | None:
    found = _PLACE.search(parts.fragment)
    if found is None:
        return None
    zoom, latitude, longitude = int(found[1]), float(found[2]), float(found[3])
    if zoom > DEEPEST or abs(latitude) > WORLD / 2 or abs(longitude) > WORLD:
        return None
    across = WORLD / 2**zoom
    west, east, south, north = (
        longitude - across,
        longitude + across,
        max(latitude - across / 2, -90.0),
        min(latitude + across / 2, 90.0),
    )
    box = "%2C".join(f"{each:.5f}" for each in (west, south, east, north))
    return Embed(
        provider="OpenStreetMap",
        url=f"https://www.openstreetmap.org/export/embed.html?bbox={box}&layer=mapnik"
        f"&marker={latitude:.5f}%2C{longitude:.5f}",
        page=f"https://www.openstreetmap.org/#map={zoom}/{latitude:.5f}/{longitude:.5f}",
    )


PROVIDERS: Final[Mapping[str, Callable[[SplitResult], Embed | None]]] = {
    "youtube.com": _youtube,
    "www.youtube.com": _youtube,
    "m.youtube.com": _youtube,
    "youtu.be": _youtube,
    "www.youtube-nocookie.com": _youtube,
    "vimeo.com": _vimeo,
    "player.vimeo.com": _vimeo,
    "open.spotify.com": _spotify,
    "openstreetmap.org": _map,
    "www.openstreetmap.org": _map,
}


def embed_of(address: str) -> Embed | None:
    """Read an address; None for another site than those of the list, and for what is no film, sound or map there."""
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    read = PROVIDERS.get(host)
    if read is None or parts.scheme != "https" or port is not None or "@" in parts.netloc:
        return None
    return read(parts)


def embed_problem(address: str) -> Text | None:
    """Say what is wrong with an address for an embed, or None."""
    if embed_of(address) is not None:
        return None
    return _("Please give the address of a film on YouTube or Vimeo, a sound on Spotify, or a map on OpenStreetMap.")
