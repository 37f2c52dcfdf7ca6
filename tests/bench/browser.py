"""Somebody's browser, straight against the WSGI application: the whole middleware, no network, no test client's own work."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

SECRET = "b" * 32  # the browser's half of the protection against forged forms


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Browser:
    def __init__(self, application: WSGIHandler, person: Any) -> None:
        self.application = application
        entrance = Client()
        entrance.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        self.cookies = {name: morsel.value for name, morsel in entrance.cookies.items()}
        self.cookies[settings.CSRF_COOKIE_NAME] = SECRET

    def get(self, address: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self._ask("GET", address, b"", headers or {})

    def post(self, address: str, typed: Mapping[str, Any]) -> Answer:
        body = urlencode({"csrfmiddlewaretoken": SECRET, **typed}, doseq=True).encode()
        return self._ask("POST", address, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def _ask(self, method: str, address: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        path, _, query = address.partition("?")
        told: dict[str, Any] = {}

        def start_response(status: str, lines: list[tuple[str, str]], *more: Any) -> None:
            told.update(status=int(status[:3]), lines=lines)

        environ = {
            "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "localhost",
            "SERVER_PORT": "80", "HTTP_HOST": "localhost", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "CONTENT_LENGTH": str(len(body)), "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(), "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False,
        }  # fmt: skip
        for name, value in headers.items():
            environ[
                name.upper().replace("-", "_") if name == "Content-Type" else f"HTTP_{name.upper().replace('-', '_')}"
            ] = value
        answer = self.application(environ, start_response)
        try:
            content = b"".join(answer)
        finally:
            answer.close()
        self._keep(told["lines"])
        return Answer(told["status"], {name.lower(): value for name, value in told["lines"]}, content)

    def _keep(self, lines: list[tuple[str, str]]) -> None:
        for name, value in lines:
            if name.lower() == "set-cookie":
                for key, morsel in SimpleCookie(value).items():
                    # A real browser would have shown the green line by now, and sent it back empty.
                    if key != "messages":
                        self.cookies[key] = morsel.value
