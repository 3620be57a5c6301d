"""What a journey does on every page: look at it with axe, take its picture, go on."""

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Page, expect

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
AXE = Axe().axe_script
PICTURES = Path(__file__).parents[2] / "docs" / "screenshots"


class Walk:
    """A browser window on its way through the shop."""

    def __init__(
        self,
        browser: Browser,
        *,
        width: int,
        locale: str,
        script: bool = True,
        dark: bool = False,
        both: bool = False,
    ) -> None:
        """Open a window; with ``both`` each page is looked at in the other scheme, too."""
        self._context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale=locale,
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        self._width, self._script, self._dark = width, script, dark
        self._both = both
        self.page: Page = self._context.new_page()
        self.errors: list[str] = []
        self.hosts: set[str] = set()
        self.page.on("pageerror", self._note)
        self.page.on("request", lambda request: self.hosts.add(request.url.split("/")[2]))

    def _note(self, error: Error) -> None:
        """Keep an error of a script; the browser's own word on a page that was left while it faded in is none."""
        if "Transition was" not in str(error):
            self.errors.append(str(error))

    def look(self, name: str = "", *, picture: bool = False) -> None:
        """Check the page that is open: no violation, nothing sideways, no error of a script."""
        self.page.wait_for_load_state()
        assert self.errors == [], f"{name}: {self.errors}"
        if self._script:
            self._judge(name, "axe.run({resultTypes: ['violations']})", before=AXE)
            if self._both:
                self._look_in_the_other_scheme(name)
            wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{name} scrolls sideways by {wide} px"
        if picture:
            self.keep(name)

    def _judge(self, name: str, command: str, *, before: str = "") -> None:
        """Let axe judge the page."""
        found = self.page.evaluate(f"{before};{command}.then(found => found.violations)")
        told = [(each["id"], each["nodes"][0]["html"][:200]) for each in found]
        assert told == [], f"{name} at {self.page.url}: {told}"

    def _look_in_the_other_scheme(self, name: str) -> None:
        """Look at the colours again as who likes it dark (or light) sees them: nothing else changes with them."""
        mine, other = ("dark", "light") if self._dark else ("light", "dark")
        self.page.emulate_media(color_scheme=other)  # type: ignore[arg-type]  # one of two words
        self._judge(f"{name} ({other})", "axe.run({runOnly: ['color-contrast'], resultTypes: ['violations']})")
        self.page.emulate_media(color_scheme=mine)  # type: ignore[arg-type]  # one of two words

    def keep(self, name: str) -> None:
        """Write the page's picture into the docs."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        scheme = "-dark" if self._dark else ""
        self.page.screenshot(path=PICTURES / f"{name}-{self._width}{scheme}.png", full_page=True)

    def go(self, url: str) -> None:
        """Open an address."""
        answer = self.page.goto(url)
        assert answer is not None
        assert answer.status < 400, f"{url}: {answer.status}"

    def fill(self, **values: str) -> None:
        """Fill in fields of the page's main part by their names."""
        for name, value in values.items():
            self.page.locator(f"main [name={name}]").fill(value)

    def press(self, selector: str) -> None:
        """Press a button or link and wait for what comes."""
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state()

    def until(self, condition: Any, *, seconds: int = 30) -> None:
        """Wait for something to be seen."""
        expect(condition).to_be_visible(timeout=seconds * 1000)

    def close(self) -> None:
        """Close the window."""
        self._context.close()
