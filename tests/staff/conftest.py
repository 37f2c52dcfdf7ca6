"""Who the staff tests need beside the cast, and a browser that behaves like one."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.support.cast import PASSWORD

if TYPE_CHECKING:
    from tests.support.cast import Cast

ORIGIN = {"origin": "http://testserver"}


@pytest.fixture
def zhou(cast: "Cast") -> Any:
    """周管理, the system's administrator of 云栖苑."""
    return cast.person("zhou", "周管理", "sysadmin")


def token_of(page: HttpResponse) -> str:
    """The anti-forgery token that is printed in a page."""
    return re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[-1]


def hidden(page: HttpResponse, name: str) -> str:
    found = re.search(rf'type="hidden" name="{name}" value="([^"]*)"', page.content.decode())
    return found[1] if found else ""


class Browser(Client):
    """Keeps cookies, sends the page's token and where it comes from, as a browser does."""

    def __init__(self) -> None:
        super().__init__(enforce_csrf_checks=True, headers=ORIGIN)

    def sign_in(self, username: str, password: str = PASSWORD, **more: str) -> HttpResponse:
        page = self.get("/sign-in/")
        typed = {"username": username, "password": password, "csrfmiddlewaretoken": token_of(page), **more}
        return self.post("/sign-in/", typed)

    def send(self, page: HttpResponse, address: str, fields: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Send a form that stands on ``page``."""
        return self.post(address, {"csrfmiddlewaretoken": token_of(page), **fields}, **kwargs)


@pytest.fixture
def desk() -> Callable[[], Browser]:
    """A fresh browser, nobody signed in."""
    return Browser


@pytest.fixture
def at_work(desk: Callable[[], Browser]) -> Callable[[Any], Browser]:
    """A browser in which the person has really signed in."""

    def work(person: Any) -> Browser:
        made = desk()
        answer = made.sign_in(person.username)
        assert answer.status_code == 302, answer.content.decode()[:2000]
        return made

    return work
