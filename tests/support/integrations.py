"""Another program that comes with a token."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from yihu.fronts.api.keeping import open_integration
from yihu.fronts.api.models import Integration
from yihu.fronts.api.scopes import every_scope

BASE = "/api/v1"


class Program:
    """Asks and sends JSON; each POST has a key of its own unless one is given."""

    def __init__(self, token: str, integration: Any = None) -> None:
        self.token, self.integration, self.client = token, integration, Client()

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path: str, **asked: Any) -> Any:
        return self.client.get(f"{BASE}/{path}", asked, headers=self.headers)

    def post(self, path: str, body: Any, key: str = "") -> Any:
        headers = {**self.headers, "Idempotency-Key": key or uuid.uuid4().hex}
        return self.client.post(f"{BASE}/{path}", json.dumps(body), content_type="application/json", headers=headers)

    def send(self, path: str, body: Any, **files: Any) -> Any:
        headers = {**self.headers, "Idempotency-Key": uuid.uuid4().hex}
        return self.client.post(f"{BASE}/{path}", {"payload": json.dumps(body), **files}, headers=headers)


def program(cast: Any, *scopes: str, community: Any = None, name: str = "小程序", **more: Any) -> Program:
    """An integration as the administrator opens it; without scopes it may do everything there is."""
    here = community or cast.yunqi
    admin = cast.__dict__.setdefault(f"admin_{here.code}", None) or cast.person(
        f"admin{here.code.lower()}", "管理员", "sysadmin", community=here
    )
    cast.__dict__[f"admin_{here.code}"] = admin
    given = {"expires_at": timezone.now() + timedelta(days=30), "per_minute": 6000, **more}
    made = Integration(name=name, scopes=list(scopes or every_scope()), **given)
    token = open_integration(made, [here], by=admin, key=uuid.uuid4().hex, now=timezone.now())
    return Program(token, made)
