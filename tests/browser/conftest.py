"""A browser as the people at the desk have it, wide and narrow, with nothing inline and nothing missing."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import ConsoleMessage, Page, Response
from pytest_django.live_server_helper import LiveServer

from tests.support import chromium

WIDTHS = {"390": {"width": 390, "height": 844}, "1280": {"width": 1280, "height": 800}}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": chromium.find_or_say(), "args": list(chromium.ARGUMENTS)}


@pytest.fixture(params=["1280"])
def width(request: pytest.FixtureRequest) -> str:
    """For the telephone as well: `@pytest.mark.parametrize("width", WIDTHS, indirect=True)`."""
    return str(request.param)


@pytest.fixture
def browser_context_args(width: str, live_server: LiveServer) -> dict[str, Any]:
    return {
        "viewport": WIDTHS[width],
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "has_touch": width == "390",
        "base_url": live_server.url,
        "reduced_motion": "reduce",
    }


# A refused form answers 4xx on purpose, and the browser reports it in the first words. A page that is left gives up what it
# was still asking for, and htmx reports it in the others; what truly failed it calls sendError.
ON_PURPOSE = ("Failed to load resource", "htmx:sendAbort", "htmx:afterRequest")


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page on which nothing may break unseen: no script error, no refused source, no answer of 500."""
    page.set_default_timeout(10_000)
    broken: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(ON_PURPOSE):
            broken.append(message.text)

    def answered(response: Response) -> None:
        if response.status >= 500 or (response.status == 404 and "/static/" in response.url):
            broken.append(f"{response.status} {response.url}")

    page.on("console", heard)
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("response", answered)
    yield page
    assert not broken, broken


@pytest.fixture
def page_of(page: Page, live_server: LiveServer, sign_in: Callable[[Any], Client]) -> Callable[[Any], Page]:
    """The page, with the person signed in."""

    def signed_in(person: Any) -> Page:
        cookies = sign_in(person).cookies.values()
        page.context.clear_cookies()
        page.context.add_cookies([{"name": one.key, "value": one.value, "url": live_server.url} for one in cookies])
        return page

    return signed_in
