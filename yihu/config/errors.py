"""Pages for what went wrong. None of them needs a database, and none of them shows a traceback."""

import logging
import secrets
import sys
from sqlite3 import SQLITE_FULL
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

log = logging.getLogger("yihu.trouble")

DISK_FULL = "53100"  # PostgreSQL's own number for it

TOO_MUCH = {
    RequestDataTooBig: "填写的内容或文件太大，没有保存。一次最多上传 {limit} MB 的文件，文字请分几次填写。",
    TooManyFieldsSent: "一次提交的项目太多，没有保存。请分几次填写。",
    TooManyFilesSent: "一次上传的文件太多，没有保存。请分几次上传。",
}


def page(status: int, heading: str, text: str, reference: str = "") -> HttpResponse:
    context = {"heading": heading, "text": text, "reference": reference}
    return HttpResponse(render_to_string("errors/trouble.html", context), status=status)


def _is_full(error: Any) -> bool:
    """Whether the database itself found no room: SQLITE_FULL, or ``disk_full`` of PostgreSQL."""
    cause = getattr(error, "__cause__", None)
    return getattr(cause, "sqlite_errorcode", None) == SQLITE_FULL or getattr(cause, "sqlstate", None) == DISK_FULL


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    for kind, sentence in TOO_MUCH.items():
        if isinstance(exception, kind):
            return page(413, "内容太大", sentence.format(limit=settings.YIHU_UPLOAD_MB))
    return page(400, "看不懂这个请求", "请回到上一页再试一次。")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(403, "没有权限", "您的岗位不能做这件事。如果工作需要，请联系主管。")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(404, "没有找到", "这个地址没有内容，或者您看不到它。")


def server_error(request: HttpRequest) -> HttpResponse:
    reference = secrets.token_hex(4).upper()
    error: Any = sys.exc_info()[1]
    log.error("编号 %s：%s %s", reference, request.method, type(error).__name__ if error else "")
    if _is_full(error):
        return page(
            503, "服务器的磁盘满了", "这一步没有保存，已经保存的都在。请告诉管理员，腾出地方后再提交一次。", reference
        )
    if isinstance(error, OperationalError | InterfaceError):
        return page(503, "数据库暂时不能使用", "这一步没有保存。请稍等片刻，返回上一页再提交一次。", reference)
    return page(500, "程序出错了", "这一步没有保存，错误已经记下来了。", reference)
