"""Two addresses for machines: is the process alive, and may people be sent to it."""

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yihu.kernel.policy import policy

PLAIN = "text/plain; charset=utf-8"


class NotReady(Exception):
    """Why nobody should be sent here yet."""


@cache
def migrated() -> bool:
    """True once, true for the life of this process. `False` is never remembered: it is raised."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReady("数据库结构还没有更新完")
    return True


def why_not_ready() -> str:
    """An empty text when everything is in place."""
    if settings.YIHU_PREPARING.exists():
        return "正在准备，请稍候"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        migrated()
    except NotReady as reason:
        return str(reason)
    except DatabaseError:
        connection.close()
        return "数据库连不上"
    return ""


@policy(public=True)
@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type=PLAIN)


@policy(public=True)
@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    reason = why_not_ready()
    return _quietly(HttpResponse(f"{reason or 'ok'}\n", status=503 if reason else 200, content_type=PLAIN))


def _quietly(response: HttpResponse) -> HttpResponse:
    """Django writes every 5xx into the log as an error; being asked too early is none."""
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


class Gate:
    """Until the first start is through, people see a page that waits with them; then it costs nothing any more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if settings.YIHU_TEST:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.open = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self.open and request.path not in ("/healthz", "/readyz"):
            reason = why_not_ready()
            if reason:
                page = render_to_string("errors/wait.html", {"reason": reason})
                headers = {"Retry-After": "3", "Refresh": "3", "Cache-Control": "no-store"}
                return _quietly(HttpResponse(page, status=503, headers=headers))
            self.open = True
        return self.get_response(request)
