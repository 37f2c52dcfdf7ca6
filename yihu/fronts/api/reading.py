"""What came in a request: its key, its JSON, and from that the data of a form as its page would have sent it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from yihu.fronts.api import schemas
from yihu.fronts.api.door import Malformed, Wrong
from yihu.kernel.hand_over import HAND_OVER_PREFIX
from yihu.kernel.masked import Masked

KEY = re.compile(r"[\x21-\x7e]{1,100}")
TOP = {"community", "version", "fields", "hand_over"}
PAYLOAD = "payload"
DEEPEST = 6


@dataclass(frozen=True)
class Sent:
    """A body as it was sent."""

    community: str
    version: int | None
    fields: dict[str, Any]
    hand_over: dict[str, Any]
    files: MultiValueDict[str, Any]

    @property
    def told(self) -> list[Any]:
        """What makes a repetition the same."""
        return [self.community, self.fields, self.hand_over]


def key_of(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if not KEY.fullmatch(key):
        raise Malformed("请在 Idempotency-Key 头里写这次操作的键：1 至 100 个英文字母、数字或符号，每次新操作换一个。")
    return key


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of the body; of a form with files the one in its part ``payload``."""
    kind = request.content_type
    if kind == "multipart/form-data":
        if set(request.POST) - {PAYLOAD}:
            raise Malformed("带文件时，其余内容都写成 JSON，放在 payload 一项里。")
        return _parsed(request.POST.get(PAYLOAD, "{}"))
    if kind != "application/json":
        refused = Malformed("请用 application/json 发送；带文件时用 multipart/form-data。")
        refused.status = 415
        raise refused
    try:
        text = request.body.decode()
    except UnicodeDecodeError:
        raise Malformed("内容不是 UTF-8。") from None
    return _parsed(text)


def sent_in(request: HttpRequest) -> Sent:
    body = body_of(request)
    problems = dict.fromkeys(sorted(set(body) - TOP), "没有这一项")
    for name, kind, words in (
        ("community", str, "应为项目代号"), ("fields", dict, "应为对象"), ("hand_over", dict, "应为对象"),
    ):  # fmt: skip
        if name in body and not isinstance(body[name], kind):
            problems[name] = words
    version = body.get("version")
    if "version" in body and (not isinstance(version, int) or isinstance(version, bool) or not 0 < version < 2**31):
        problems["version"] = "应为读到的版本号"
    if problems:
        raise Wrong(problems)
    files = request.FILES if request.content_type == "multipart/form-data" else MultiValueDict()
    return Sent(body.get("community", ""), version, body.get("fields", {}), body.get("hand_over", {}), files)


def _parsed(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text, parse_constant=_no_number, parse_float=str)
        json.dumps(found, ensure_ascii=False).encode()  # half a character is none
        deep = _depth(found) > DEEPEST
    except (ValueError, RecursionError):
        raise Malformed("内容不是正确的 JSON。") from None
    if not isinstance(found, dict):
        raise Malformed("内容应为一个 JSON 对象。")
    if deep:
        raise Malformed("内容嵌套太深。")
    return found


def _no_number(words: str) -> Any:
    raise ValueError(words)


def _depth(value: Any) -> int:
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max((_depth(one) for one in below), default=0)


def completed(form_class: Any, blank: Any, sent: Sent, below: Any = None) -> QueryDict:
    """What was sent, and for whatever was not, what stands in the form already when its page is opened.

    ``blank`` is the unbound form; ``below`` the class of the hand-over's form, where there is one.
    """
    problems = _checked(blank.fields, sent.fields, form_class, "")
    problems |= _checked(below.base_fields, sent.hand_over, below, "hand_over.") if below else {}
    if sent.hand_over and below is None:
        problems["hand_over"] = "这里没有要一并开的单"
    takes = {name for name, field in blank.fields.items() if schemas.is_file(field)}
    if below:
        takes |= {f"{HAND_OVER_PREFIX}-{name}" for name, field in below.base_fields.items() if schemas.is_file(field)}
    problems |= {name: "不收文件" for name in sent.files if name not in takes}
    if problems:
        raise Wrong(problems)
    data = QueryDict(mutable=True)
    for name, field in blank.fields.items():
        if schemas.is_file(field):
            continue
        value = sent.fields[name] if name in sent.fields else _standing(blank, name)
        if texts := _texts(value):
            data.setlist(name, texts)
    for name, value in sent.hand_over.items():
        data.setlist(f"{HAND_OVER_PREFIX}-{name}", _texts(value) or [""])
    return data


def optional_in(form_class: Any, name: str) -> bool:
    return name in getattr(form_class, "optional", ())


def _checked(fields: Mapping[str, Any], given: Mapping[str, Any], form_class: Any, prefix: str) -> dict[str, str]:
    problems = {}
    for name, value in given.items():
        field = fields.get(name)
        if field is None:
            problems[f"{prefix}{name}"[:60]] = "没有这一项"
        elif schemas.is_file(field):
            problems[f"{prefix}{name}"] = "文件请用 multipart/form-data 上传"
        else:
            words = schemas.wrong(value, schemas.of_field(field, optional=not field.required or bool(prefix)))
            if words:
                problems[f"{prefix}{name}"] = words
    return problems


def _standing(blank: Any, name: str) -> Any:
    """A value that the page would show; personal values are never sent back and forth."""
    value = blank[name].value()
    return None if isinstance(value, Masked) else value


def _texts(value: Any) -> list[str]:
    """As a browser sends it."""
    if value is None or value == "":
        return []
    if isinstance(value, bool):
        return ["true"] if value else ["false"]
    if isinstance(value, list | tuple | set) or hasattr(value, "all"):
        rows = value.all() if hasattr(value, "all") else value
        return [str(getattr(one, "pk", one)) for one in rows]
    return [value.isoformat() if hasattr(value, "isoformat") else str(getattr(value, "pk", value))]
