"""A browser before a real city."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import ViewportSize, sync_playwright

from tests.browser.live import LiveCity, Plot, running_city
from tests.servers import own_name, with_reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

#: As little of the browser's own talk to the outside as it allows.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=390, height=844)


@dataclass
class Watched:
    """A page and all that it asked for or complained about."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def live_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveCity]:
    """A city of about 400 plots, its plans in force, served by the real servers."""
    folder, name = tmp_path_factory.mktemp("live"), own_name("browser")
    with running_city(folder, name, made_from=with_reference()) as city:
        yield city


@pytest.fixture(scope="session")
def plot(live_city: LiveCity) -> Plot:
    """The plot that lies on most zones."""
    return live_city.plots()[0]


# Not longer than the package: while it runs, Django takes the thread for an asynchronous one.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, live_city: LiveCity) -> Iterator[Callable[..., Watched]]:
    """Open an address of the city; everything is closed at the end of the test."""
    contexts: list[BrowserContext] = []

    def open_(
        address: str,
        *,
        size: ViewportSize = DESKTOP,
        language: str | None = None,
        script: bool = True,
    ) -> Watched:
        context = browser.new_context(
            base_url=live_city.url,
            viewport=size,
            # A browser in English must not change the page's language.
            locale="en-US",
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        contexts.append(context)
        if language is not None:
            context.add_cookies(
                [{"name": "django_language", "value": language, "url": live_city.url}]
            )
        page = context.new_page()
        watched = Watched(page)
        page.on("request", lambda request: watched.requests.append(request.url))
        page.on(
            "console",
            lambda said: (
                watched.complaints.append(said.text) if said.type in ("error", "warning") else None
            ),
        )
        page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        page.goto(address)
        return watched

    yield open_
    for context in contexts:
        context.close()
