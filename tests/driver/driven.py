"""A browser that is driven over WebDriver BiDi by Puppeteer, as tests use it: Chromium or Firefox, the same words."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

SCRIPT = Path(__file__).with_name("driver.mjs")
CHROMIUM_SAYS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-features=LocalNetworkAccessChecks,PreloadTopChromeWebUI",
]  # fmt: skip


class DrivenError(Exception):
    """What the browser could not do, in its words."""


@dataclass(kw_only=True)
class Driven:
    """One browser with one page. ``at`` is the number of a window in the page; without it the page itself is meant."""

    asks: IO[str]
    answers: IO[str]
    version: str = ""

    def ask(self, order: str, **told: Any) -> Any:
        """Have it do something; returns what it answers."""
        self.asks.write(json.dumps({"order": order, **told}) + "\n")
        self.asks.flush()
        line = self.answers.readline()
        if not line:
            raise DrivenError(f"{order}: the driver has ended")
        answer = json.loads(line)
        if "error" in answer:
            raise DrivenError(f"{order} {told}: {answer['error']}")
        return answer["value"]

    def begin(self) -> None:
        """Become a visitor whom nobody knows."""
        self.ask("begin")

    def go(self, url: str) -> None:
        """Open a page."""
        self.ask("go", url=url)

    def url(self, at: int | None = None) -> str:
        """Where the page is."""
        return str(self.ask("url", **_place(at)))

    def fill(self, at: int | None = None, /, **values: str) -> None:
        """Fill in fields by how their names end."""
        for name, value in values.items():
            self.ask("fill", selector=f"[name$='{name}']", value=value, **_place(at))

    def click(self, selector: str, at: int | None = None) -> None:
        """Click, as with a mouse."""
        self.ask("click", selector=selector, **_place(at))

    def see(self, selector: str, at: int | None = None) -> None:
        """Wait until something is to be seen."""
        self.ask("see", selector=selector, **_place(at))

    def count(self, selector: str, at: int | None = None) -> int:
        """How many of these are to be seen now."""
        return int(self.ask("count", selector=selector, **_place(at)))

    def run(self, script: str, at: int | None = None) -> Any:
        """Evaluate a script in the page."""
        return self.ask("run", script=script, **_place(at))

    def wait_for(self, pattern: str, at: int | None = None) -> None:
        """Wait until the page is at such an address."""
        self.ask("arrive", pattern=pattern, **_place(at))

    def wait_until(self, condition: str, at: int | None = None) -> None:
        """Wait until a script in the page says so."""
        self.ask("until", script=condition, **_place(at))

    def texts(self, selector: str, at: int | None = None) -> list[str]:
        """What these say."""
        found: list[str] = self.ask("texts", selector=selector, **_place(at))
        return found

    def cookies(self) -> list[Mapping[str, Any]]:
        """All cookies that this visitor has."""
        found: list[Mapping[str, Any]] = self.ask("cookies")
        return found


def _place(at: int | None) -> dict[str, int]:
    return {} if at is None else {"at": at}


@contextmanager
def driven(driver: str, browser: str, program: str, options: Mapping[str, Any]) -> Iterator[Driven]:
    """Run one browser until the block ends; ``driver`` is the folder of the packages."""
    command = ["node", str(SCRIPT), driver]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        made = Driven(asks=process.stdin, answers=process.stdout)
        try:
            made.version = made.ask("open", browser=browser, executablePath=program, **options)
            yield made
        finally:
            process.stdin.close()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def chromium_behind(port: int, *, blocks_foreign_cookies: bool, folder: Path) -> dict[str, Any]:
    """How Chromium is started that sees the world behind a proxy alone; its profile lies in an empty folder."""
    asked = {"cookie_controls_mode": int(blocks_foreign_cookies), "block_third_party_cookies": blocks_foreign_cookies}
    (folder / "Default").mkdir()
    (folder / "Default" / "Preferences").write_text(json.dumps({"profile": asked}))
    flags = [*CHROMIUM_SAYS, f"--proxy-server=http://127.0.0.1:{port}", "--proxy-bypass-list=<-loopback>"]
    flags += ["--test-third-party-cookie-phaseout"] * blocks_foreign_cookies
    return {"args": flags, "userDataDir": str(folder)}


def firefox_behind(port: int, *, cookie_behaviour: int) -> dict[str, Any]:
    """How Firefox is started that sees the world behind a proxy alone."""
    preferences = {
        "network.proxy.type": 1,
        "network.proxy.ssl": "127.0.0.1",
        "network.proxy.ssl_port": port,
        "network.proxy.http": "127.0.0.1",
        "network.proxy.http_port": port,
        "network.proxy.no_proxies_on": "",
        "network.proxy.allow_hijacking_localhost": True,
        "network.cookie.cookieBehavior": cookie_behaviour,
        "network.cookie.cookieBehavior.pbmode": cookie_behaviour,
    }
    return {"extraPrefsFirefox": preferences}
