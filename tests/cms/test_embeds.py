"""What of other sites may stand on a page, and nothing else."""

import pytest

from cms.embeds import embed_of, embed_problem

GOOD = {
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ": "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
    "https://youtu.be/dQw4w9WgXcQ?t=43": "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
    "https://m.youtube.com/watch?list=x&v=dQw4w9WgXcQ": "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
    "https://www.youtube.com/shorts/dQw4w9WgXcQ": "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
    "https://vimeo.com/76979871": "https://player.vimeo.com/video/76979871?dnt=1",
    "https://vimeo.com/channels/staffpicks/76979871": "https://player.vimeo.com/video/76979871?dnt=1",
    "https://open.spotify.com/intl-de/track/4cOdK2wGLETKBW3PvgPWqT": (
        "https://open.spotify.com/embed/track/4cOdK2wGLETKBW3PvgPWqT"
    ),
    "https://www.openstreetmap.org/#map=15/60.1870/24.9630": (
        "https://www.openstreetmap.org/export/embed.html?bbox=24.95751%2C60.18425%2C24.96849%2C60.18975"
        "&layer=mapnik&marker=60.18700%2C24.96300"
    ),
}


@pytest.mark.parametrize(("address", "url"), GOOD.items())
def test_address_as_people_copy_it_is_read(address: str, url: str) -> None:
    found = embed_of(f" {address} ")

    assert found is not None
    assert found.url == url
    assert url.startswith(f"{found.origin}/")
    assert embed_problem(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://www.youtube.com/",
        "https://www.youtube.com/watch?v=",
        "https://www.youtube.com/watch?v=a%22onload%3D",
        "https://www.youtube.com/watch?v=../../evil",
        "http://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
        "https://evil.example/https://youtu.be/dQw4w9WgXcQ",
        "https://youtu.be@evil.example/dQw4w9WgXcQ",
        "https://evil@youtu.be/dQw4w9WgXcQ",
        "https://youtu.be:444/dQw4w9WgXcQ",
        "https://youtu.be:x/dQw4w9WgXcQ",
        "https://[youtu.be/dQw4w9WgXcQ",
        "//youtu.be/dQw4w9WgXcQ",
        "javascript:alert(1)//youtu.be/dQw4w9WgXcQ",
        "data:text/html,https://youtu.be/dQw4w9WgXcQ",
        "https://vimeo.com/login",
        "https://player.vimeo.com/video/76979871/x",
        "https://open.spotify.com/user/someone",
        "https://www.openstreetmap.org/",
        "https://www.openstreetmap.org/#map=99/60/24",
        "https://www.openstreetmap.org/#map=5/95/24",
        "https://www.openstreetmap.org/#map=5/60/240",
        "https://www.openstreetmap.org/#map=5/60e9/1",
    ],
)
def test_anything_else_is_refused(address: str) -> None:
    assert embed_of(address) is None
    assert embed_problem(address) is not None
