"""The only way into the interface: a token in the header. No cookie counts, every answer is JSON, every refusal a sentence."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from yihu.fronts.api import keeping
from yihu.fronts.api.models import Integration
from yihu.fronts.api.throttle import seconds_to_wait
from yihu.kernel.authority import grants_of
from yihu.kernel.errors import Conflict, Invalid, NotFound, Refused
from yihu.kernel.policy import Policy

log = logging.getLogger("yihu.trouble")
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


class Malformed(Refused):
    """What came is no request that the interface understands."""

    status = 400


class Wrong(Refused):
    """Some of what came is not as the description says; ``fields`` tells which."""

    status = 422

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("；".join(f"{name}：{words}" for name, words in fields.items()))
        self.fields = dict(fields)


class Forbidden(Refused):
    """The token was not issued for this."""

    status = 403


class Stranger(Refused):
    """No token, or one that does not work."""

    status = 401


class TooOften(Refused):
    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(f"请求太频繁，请 {seconds} 秒后再试。")
        self.seconds = seconds


class Caller:
    """Who asks: the integration, its account, and where it may work."""

    def __init__(self, integration: Integration) -> None:
        self.integration = integration
        self.account = integration.account
        self.grants = grants_of(self.account)

    def may(self, scope: str) -> bool:
        return scope in self.integration.scopes

    def require(self, scope: str, sentence: str) -> None:
        if not self.may(scope):
            raise Forbidden(sentence)

    def community(self, code: Any) -> Any:
        """The community that is named; not needed where there is only one."""
        places: dict[int, Any] = self.grants.places  # type: ignore[attr-defined]
        if code in (None, ""):
            if len(places) == 1:
                return next(iter(places.values()))
            raise Wrong({"community": "请写明项目代号：" + "、".join(sorted(one.code for one in places.values()))})
        found = next((one for one in places.values() if one.code == code), None)
        if found is None:
            raise NotFound("没有这个项目，或这个接口不能用于该项目。")
        return found


View = Callable[..., HttpResponse]


def endpoint(**by_method: View) -> View:
    """A view for tokens, one function per method: ``endpoint(GET=listed, POST=opened)``."""

    @csrf_exempt
    @wraps(next(iter(by_method.values())))
    def guarded(request: HttpRequest, **where: Any) -> HttpResponse:
        response = _answered(request, by_method, where)
        response["Cache-Control"] = "no-store"
        return response

    guarded.policy = Policy(token=True)  # type: ignore[attr-defined]
    return guarded


def _answered(request: HttpRequest, by_method: Mapping[str, View], where: Mapping[str, Any]) -> HttpResponse:
    try:
        caller = _caller(request)
        view = by_method.get(request.method or "")
        if view is None:
            return _not_so(by_method)
        return view(request, caller, **where)
    except Refused as refused:
        return refusal(refused)
    except Http404:
        return refusal(NotFound())
    except PermissionDenied:
        return refusal(Forbidden("这个接口没有这项权限。"))
    except TOO_MUCH:
        return said("内容或文件太大，没有保存。请分几次发送。", 413)
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        return said("看不懂这个请求。", 400)
    except Exception as error:
        return _trouble(error)


def _caller(request: HttpRequest) -> Caller:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise Stranger("请在 Authorization 头里写 Bearer 和令牌。")
    integration = keeping.of_token(token.strip())
    now = timezone.now()
    if integration is None or integration.revoked_at is not None or not integration.account.is_active:
        raise Stranger("令牌无效或已停用，请向管理员要新的令牌。")
    if not integration.works(now):
        raise Stranger("令牌已过期，请管理员延长有效期。")
    wait = seconds_to_wait(integration)
    if wait:
        raise TooOften(wait)
    keeping.note_use(integration, now)
    return Caller(integration)


def said(sentence: str, status: int, **more: Any) -> JsonResponse:
    return JsonResponse(
        {"sentence": sentence, "fields": {}, **more}, status=status, json_dumps_params={"ensure_ascii": False}
    )


def refusal(refused: Refused) -> HttpResponse:
    more: dict[str, Any] = {}
    if isinstance(refused, Wrong):
        more["fields"] = {name: [words] for name, words in refused.fields.items()}
    if isinstance(refused, Invalid):
        more["fields"] = _errors(refused.form)
    if isinstance(refused, Conflict):
        more["entries"] = [{"seq": entry.seq, "sentence": entry.sentence} for entry in refused.entries]
    response = said(refused.sentence, refused.status, **more)
    if isinstance(refused, Stranger):
        response["WWW-Authenticate"] = "Bearer"
    if isinstance(refused, TooOften):
        response["Retry-After"] = str(refused.seconds)
    return response


def _errors(form: Any, prefix: str = "") -> dict[str, list[str]]:
    """By field, those of the hand-over under ``hand_over.``; what concerns the whole stands under an empty name."""
    found = {
        f"{prefix}{name}" if name in form.fields else prefix: [str(error) for error in errors]
        for name, errors in form.errors.items()
    }
    below = getattr(form, "hand_over_form", None)
    return found | _errors(below, "hand_over.") if below is not None else found


def _not_so(by_method: Mapping[str, View]) -> HttpResponse:
    allowed = ", ".join(sorted(by_method))
    response = said(f"这个地址只接受 {allowed}。", 405)
    response["Allow"] = allowed
    return response


def _trouble(error: Exception) -> HttpResponse:
    reference = secrets.token_hex(4).upper()
    log.error("编号 %s：接口 %s", reference, type(error).__name__, exc_info=error)
    if isinstance(error, OperationalError | InterfaceError):
        return said("数据库暂时不能使用，没有保存；请稍后用同一个键再试。", 503, reference=reference)
    return said("程序出错了，没有保存，错误已经记下来了。", 500, reference=reference)
