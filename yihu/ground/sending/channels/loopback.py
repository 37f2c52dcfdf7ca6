"""What every stand-in for a firm outside is made of: a small server on this machine only, and signed posts back to us."""

from __future__ import annotations

import http.client
import json
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import urlsplit

from yihu.ground.sending.channels import signing


class Handler(BaseHTTPRequestHandler):
    """Reads, checks signatures and answers in JSON; ``firm`` is the stand-in that it answers for."""

    firm: Any
    protocol_version = "HTTP/1.0"

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def signed(self, body: bytes) -> bool:
        return signing.signed(
            self.firm.key, self.headers.get(signing.TIME, ""), self.headers.get(signing.SIGNATURE, ""), body
        )

    def say(self, status: int, said: dict[str, Any]) -> None:
        body = json.dumps(said, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        with suppress(ConnectionError):  # who asked has given up or is dead
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()

    def log_message(self, *args: Any) -> None:
        """Silent: addresses stand in what it would print."""


@dataclass
class Firm:
    """``report_to`` is where it posts what happened; "" keeps that for whoever asks. ``slow``: how long a late answer takes."""

    handler: ClassVar[type[Handler]] = Handler

    key: str
    port: int = 0
    report_to: str = ""
    slow: float = 3.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        answering = type("Answering", (self.handler,), {"firm": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), answering)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Any:
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def post(self, body: bytes, headers: dict[str, str]) -> int:
        """To ``report_to``; gives the status."""
        parts = urlsplit(self.report_to)
        line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        try:
            line.request("POST", parts.path, body, headers)
            answer = line.getresponse()
            answer.read()
            return answer.status
        finally:
            line.close()
