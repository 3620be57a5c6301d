"""Two sites in one browser: a page of somebody else, played, that holds windows of a shop on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from flask import Flask
from playwright.sync_api import Browser, Frame, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.frames.people import SITE
from tests.journeys.walk import ARGUMENTS

# The page around has no machine of its own, so Chromium takes it for one of the wide world.
FLAGS = [*ARGUMENTS, "--disable-features=LocalNetworkAccessChecks"]
BLOCKED = [*FLAGS, "--test-third-party-cookie-phaseout"]
LEAVES = "allow-forms allow-scripts allow-same-origin allow-popups allow-top-navigation-by-user-activation"
STAYS = "allow-forms allow-scripts allow-same-origin allow-popups"
NAMELESS = "allow-forms allow-scripts allow-popups allow-top-navigation-by-user-activation"
MUTE = "allow-forms allow-same-origin allow-popups allow-top-navigation-by-user-activation"


class Silent(WSGIRequestHandler):
    """Says nothing of what it was asked."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the name of werkzeug
        """Say nothing."""


@contextmanager
def served(app: Flask, host: str) -> Iterator[str]:
    """Let a shop answer by threads of this process; gives where."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://{host}:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def opened(chromium: str, flags: list[str]) -> Iterator[Browser]:
    """Open Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield browser
        browser.close()


def visit(page: Page, windows: list[str], sandbox: str | None) -> list[Frame]:
    """Open a page of somebody else that holds windows; gives these."""
    held = "" if sandbox is None else f'sandbox="{sandbox}"'
    frames = "".join(
        f'<iframe title="w{at}" src="{each}" width="400" height="600" {held}></iframe>'
        for at, each in enumerate(windows)
    )
    html = f"<!doctype html><title>Site</title>{frames}"
    page.context.route(f"{SITE}/**", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(f"{SITE}/customers")
    found = [page.locator(f"iframe[title=w{at}]").element_handle().content_frame() for at in range(len(windows))]
    return [frame for frame in found if frame is not None]
