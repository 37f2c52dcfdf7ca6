"""What machines are told about us, and what people see while we are not ready or something breaks."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from yihu.config import health, urls
from yihu.kernel.policy import policy


@pytest.fixture
def preparing(tmp_path: Path) -> Iterator[Path]:
    mark = tmp_path / "preparing"
    with override_settings(YIHU_PREPARING=mark):
        yield mark


@pytest.mark.django_db
def test_ready_when_nothing_is_left_to_prepare(client: Client) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_alive_but_not_ready_while_the_roll_comes_in(client: Client, preparing: Path) -> None:
    preparing.touch()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "正在准备" in answer.content.decode()


@pytest.mark.django_db
def test_not_ready_before_the_last_migration(client: Client) -> None:
    health.migrated.cache_clear()
    with patch.object(health.MigrationExecutor, "migration_plan", return_value=[object()]):
        assert client.get("/readyz").status_code == 503
    assert client.get("/readyz").status_code == 200


def test_not_ready_without_a_database_but_alive(client: Client) -> None:
    with patch.object(connection, "cursor", side_effect=OperationalError("gone")), patch.object(connection, "close"):
        assert client.get("/healthz").status_code == 200
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "数据库连不上" in answer.content.decode()


@pytest.mark.django_db
def test_the_gate_waits_with_people_and_opens_for_good(preparing: Path) -> None:
    served = HttpResponse("page")
    with override_settings(YIHU_TEST=False):
        gate = health.Gate(lambda request: served)
    preparing.touch()
    waiting = gate(RequestFactory().get("/"))
    assert waiting.status_code == 503
    assert waiting["Refresh"] == "3"
    assert "请稍候" in waiting.content.decode()
    assert gate(RequestFactory().get("/healthz")) is served

    preparing.unlink()
    assert gate(RequestFactory().get("/")) is served
    preparing.touch()
    assert gate(RequestFactory().get("/")) is served


@policy(public=True)
def broken(request: HttpRequest) -> HttpResponse:
    raise {
        "program": RuntimeError("secret detail of 赵业主"),
        "database": OperationalError("connection refused by 10.0.0.1"),
        "client": SuspiciousOperation("secret detail of the client"),
    }[request.GET["what"]]


@policy(public=True)
def takes_anything(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.POST)))


class WithTrouble:
    """The program's addresses, and two that go wrong on purpose."""

    urlpatterns = [path("broken/", broken), path("takes/", takes_anything), *urls.urlpatterns]
    handler400, handler403 = urls.handler400, urls.handler403
    handler404, handler500 = urls.handler404, urls.handler500


@pytest.fixture
def trouble(db: None) -> Iterator[Client]:
    with override_settings(ROOT_URLCONF=WithTrouble):
        yield Client(raise_request_exception=False)


@pytest.mark.logs_errors
@pytest.mark.parametrize(
    ("what", "status", "says"), [("program", 500, "程序出错了"), ("database", 503, "数据库暂时不能使用")]
)
def test_a_failure_shows_a_number_and_the_log_has_the_same_one(
    trouble: Client, caplog: pytest.LogCaptureFixture, what: str, status: int, says: str
) -> None:
    answer = trouble.get("/broken/", {"what": what})
    page = answer.content.decode()
    assert answer.status_code == status
    assert says in page
    number = re.search(r"请报编号\D*<\w+>([0-9A-F]{8})</", page)
    assert number
    assert number[1] in caplog.text
    for hidden in ("secret", "refused", "Traceback", "Error"):
        assert hidden not in page


def test_a_request_that_makes_no_sense_is_answered_without_detail(trouble: Client) -> None:
    answer = trouble.get("/broken/", {"what": "client"})
    assert answer.status_code == 400
    assert "看不懂这个请求" in answer.content.decode()
    assert "secret" not in answer.content.decode()


def test_too_much_text_is_refused_with_the_limit(trouble: Client) -> None:
    answer = trouble.generic("POST", "/takes/", b"text=" + b"a" * 10_000_000, "application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "太大" in answer.content.decode()


def test_too_big_a_file_is_refused_before_it_is_read(trouble: Client) -> None:
    with override_settings(YIHU_UPLOAD_MB=1):
        photo: Any = io.BytesIO(b"x" * 1_200_000)
        photo.name = "photo.jpg"
        answer = trouble.post("/takes/", {"photo": photo})
    assert answer.status_code == 413
    assert "最多上传 1 MB" in answer.content.decode()


def test_an_unknown_address_is_a_page_in_chinese_under_the_strict_policy(trouble: Client) -> None:
    answer = trouble.get("/no/such/address/at/all/")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()
    rules = dict(rule.strip().split(" ", 1) for rule in answer["Content-Security-Policy"].split(";"))
    assert rules["default-src"] == rules["script-src"] == rules["style-src"] == "'self'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"


def test_cookies_are_out_of_reach_of_scripts_and_other_sites() -> None:
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == settings.CSRF_COOKIE_SAMESITE == "Lax"
