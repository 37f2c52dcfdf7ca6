"""The description of the interface (OpenAPI 3.1), made from the declarations once for each process."""

from __future__ import annotations

from functools import cache
from typing import Any

from yihu.fronts.api import schemas
from yihu.fronts.api.reading import optional_in
from yihu.fronts.api.scopes import every_step, scope
from yihu.fronts.api.showing import BASE, shown_fields
from yihu.kernel.procedure import Procedure, Step, procedure_of, procedures
from yihu.kernel.screens import Screens, listing
from yihu.kernel.screens.declare import screens_of
from yihu.kernel.who import system

VERSION = "1.0.0"
TEXT, FLAG, MOMENT = {"type": "string"}, {"type": "boolean"}, {"type": ["string", "null"], "format": "date-time"}
NAMED_OR_NOT = {"anyOf": [{"$ref": "#/components/schemas/Named"}, {"type": "null"}]}
NUMBER = {
    "name": "number", "in": "path", "required": True, "description": "记录的编号",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9-]{1,40}$"},
}  # fmt: skip
KEY = {
    "name": "Idempotency-Key", "in": "header", "required": True,
    "description": "这次操作的键；同一个键再发一次只做一次，得到同样的回答",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9._~-]{1,100}$"},
}  # fmt: skip
COMMUNITY = {
    "name": "community", "in": "query", "description": "项目代号；接口只用于一个项目时不用写", "schema": {"type": "string", "maxLength": 12},
}  # fmt: skip


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def obj(properties: dict[str, Any], *, optional: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, **more}


def items(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema}


@cache
def document() -> dict[str, Any]:
    paths: dict[str, Any] = dict(_common())
    components: dict[str, Any] = dict(_components())
    for procedure in procedures():
        screen = screens_of(procedure.kind)
        components[_of(screen, "fields")] = obj(
            {name: _read(column) for name, column in shown_fields(screen).items()}, title=screen.title
        )
        components[_of(screen, "record")] = {
            "allOf": [ref("Record"), obj({"fields": ref(_of(screen, "fields"))})],
            "title": screen.title,
        }
        paths |= _register(screen, procedure)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "一户接口",
            "version": VERSION,
            "description": "读写各登记簿。每次请求在 Authorization 头里带令牌；出错的回答都是一句话加各项的问题。",
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "管理员开通接口时给的令牌"}
            },
        },
    }


def _of(screen: Screens, what: str) -> str:
    return f"{screen.slug}.{what}"


def _read(column: Any) -> dict[str, Any]:
    return {"type": ["string", "null"]} if column is None else schemas.of_column(column)


def operation(
    name: str, summary: str, tag: str, schema: Any, *, status: str = "200", kind: str = "application/json", **more: Any
) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "tags": [tag],
        "responses": {
            status: {"description": "成功", "content": {kind: {"schema": schema}}},
            "4XX": {"description": "没有办成；写明原因", "content": {"application/json": {"schema": ref("Error")}}},
            "503": {"description": "暂时不能用，稍后再试", "content": {"application/json": {"schema": ref("Error")}}},
        },
        **more,
    }


def _query(name: str, words: str, schema: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": words, "required": required, "schema": schema}


def _common() -> dict[str, Any]:
    tag, asked = "查询", _query("q", "要查的文字", {"type": "string", "minLength": 1, "maxLength": 60}, required=True)
    field = {"name": "slug", "in": "path", "required": True, "schema": {"enum": [one.slug for one in procedures()]}}
    pk = {
        "name": "pk",
        "in": "path",
        "required": True,
        "schema": {"type": "integer", "minimum": 0, "maximum": 2**53 - 1},
    }
    any_object = {"type": "object"}
    found = obj({"items": items(ref("Named"))})
    return {
        f"{BASE}/openapi.json": {"get": operation("openapi", "这份说明", tag, any_object)},
        f"{BASE}/registers": {"get": operation("registers", "可用的登记簿", tag, obj({"items": items(any_object)}))},
        f"{BASE}/registers/{{slug}}": {
            "get": operation(
                "register",
                "一个登记簿：状态、标签、筛选、登记要填的内容",
                tag,
                any_object,
                parameters=[field, COMMUNITY],
            )
        },
        f"{BASE}/units": {
            "get": operation("units", "按房号查房屋", tag, found, parameters=[asked, COMMUNITY], **_needs("units:read"))
        },
        f"{BASE}/parties": {
            "get": operation(
                "parties",
                "按姓名、电话查业户，电话只有掩码",
                tag,
                found,
                parameters=[asked, COMMUNITY],
                **_needs("parties:read"),
            )
        },
        f"{BASE}/attachments/{{pk}}": {
            "get": operation("attachment", "下载附件", tag, {}, kind="*/*", parameters=[pk])
        },
    }


def _needs(name: str) -> dict[str, Any]:
    return {"x-scope": name}


def _register(screen: Screens, procedure: Procedure) -> dict[str, Any]:
    slug, tag, base = screen.slug, screen.title, f"{BASE}/{screen.slug}"
    record = ref(_of(screen, "record"))
    one = {
        "get": operation(f"{slug}_record", f"{tag}：一条", tag, record, parameters=[NUMBER], **_needs(f"{slug}:read"))
    }
    many = {
        "get": operation(
            f"{slug}_list",
            f"{tag}：列表，每页 {listing.PAGE} 条，新的在前",
            tag,
            obj({"items": items(ref("Row")), "after": {"type": ["string", "null"]}}),
            parameters=[
                COMMUNITY,
                _query(
                    "tab",
                    "标签：open 未结、mine 责任人是本接口的、late 超时、closed 已结、all 全部，或登记簿自己的",
                    TEXT,
                ),
                _query("q", "编号或内容", {"type": "string", "maxLength": 60}),
                _query("after", "上一页回答里的 after", TEXT),
                *(_query(name, screen_label(screen, name), TEXT) for name in screen.filters),
            ],
            **_needs(f"{slug}:read"),
        )
    }
    done = {"anyOf": [record, ref("Number")]}
    if procedure.opened_by is not system:
        below = [procedure_of(kind) for kind in dict.fromkeys(procedure.route.to.values())] if procedure.route else []
        body = _body(procedure.opening_form, below, opening=procedure.model, version=False)
        many["post"] = operation(
            f"{slug}_open",
            f"{tag}：登记",
            tag,
            done,
            status="201",
            parameters=[KEY],
            requestBody=body,
            **_needs(f"{slug}:open"),
        )
    found = {base: many, f"{base}/{{number}}": one}
    for step in every_step(procedure):
        found[f"{base}/{{number}}/{step.name}"] = _step(screen, procedure, step, done)
    found[f"{base}/{{number}}/reveal/{{field}}"] = _reveal(slug, tag)
    return found


def screen_label(screen: Screens, name: str) -> str:
    model, *path = screen.model, *name.split("__")
    for part in path[:-1]:
        model = model._meta.get_field(part).related_model
    return str(model._meta.get_field(path[-1]).verbose_name)


def _step(screen: Screens, procedure: Procedure, step: Step, done: dict[str, Any]) -> dict[str, Any]:
    slug, tag = screen.slug, screen.title
    kinds = dict.fromkeys(procedure.route.to.values()) if step.opens == "route" and procedure.route else [step.opens]
    below = [procedure_of(kind) for kind in kinds if kind]
    needs = _needs(scope(procedure, step.name))
    return {
        "get": operation(
            f"{slug}_{step.name}_form",
            f"{tag}：“{step.label}”现在要填什么",
            tag,
            {"type": "object"},
            parameters=[NUMBER],
            **needs,
        ),
        "post": operation(
            f"{slug}_{step.name}",
            f"{tag}：{step.label}",
            tag,
            done,
            parameters=[NUMBER, KEY],
            requestBody=_body(step.form, below, version=True),
            **needs,
        ),
    }


def _reveal(slug: str, tag: str) -> dict[str, Any]:
    field = {
        "name": "field",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": "^[a-z0-9_]{1,40}$"},
    }
    body = obj({"reason": {"type": "string", "minLength": 1, "maxLength": 80}}, additionalProperties=False)
    return {
        "post": operation(
            f"{slug}_reveal",
            f"{tag}：查看一项完整的个人信息，原因写进办理记录",
            tag,
            obj({"value": TEXT}),
            parameters=[NUMBER, field, KEY],
            requestBody={"required": True, "content": {"application/json": {"schema": body}}},
            **_needs("personal:reveal"),
        )
    }


def _body(form: Any, below: list[Procedure], *, version: bool, opening: Any = None) -> dict[str, Any]:
    """The envelope of a write; where the form takes files, also as a form with parts."""
    properties: dict[str, Any] = {}
    if version:
        properties["version"] = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1, "description": "读到的版本号"}
    else:
        properties["community"] = COMMUNITY["schema"]
    fields = _fields(form, opening) if form is not None else obj({}, additionalProperties=False)
    properties["fields"] = fields
    if below:
        others = [{**_fields(one.opening_form, None), "required": [], "title": one.title} for one in below]
        properties["hand_over"] = {"anyOf": others, "description": "一并开的单要填的内容"}
    optional = tuple(
        name for name in properties if name not in ("version",) and not (name == "fields" and fields["required"])
    )
    envelope = obj(properties, optional=optional, additionalProperties=False)
    content: dict[str, Any] = {"application/json": {"schema": envelope}}
    files = {name: schemas.of_field(field) for name, field in _asked(form) if schemas.is_file(field)}
    if files:
        parts = {
            "payload": {"type": "string", "description": "上面的 JSON 对象", "contentMediaType": "application/json"}
        }
        content["multipart/form-data"] = {"schema": obj({**parts, **files}, optional=tuple(files))}
    return {"required": True, "content": content}


def _asked(form: Any) -> list[tuple[str, Any]]:
    return list(getattr(form, "base_fields", {}).items())


def _fields(form: Any, opening: Any) -> dict[str, Any]:
    """What must be sent: what may not stay empty and does not stand in the form already when its page is opened."""
    properties, required = {}, []
    columns = set(form._meta.fields or ())
    for name, field in _asked(form):
        if schemas.is_file(field):
            continue
        optional = optional_in(form, name)
        properties[name] = schemas.of_field(field, optional=True)
        known = name in columns and (opening is None or opening._meta.get_field(name).has_default())
        if not optional and not known:
            required.append(name)
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _components() -> dict[str, Any]:
    entries = items(obj({"seq": {"type": "integer"}, "sentence": TEXT}))
    head = {
        "number": TEXT, "url": TEXT, "version": {"type": "integer"}, "state": TEXT, "state_word": TEXT, "summary": TEXT,
        "unit": NAMED_OR_NOT, "handler": NAMED_OR_NOT, "team": TEXT, "opened_at": MOMENT, "next_due_at": MOMENT,
        "closed_at": MOMENT, "late": FLAG,
    }  # fmt: skip
    nullable = {"type": ["string", "null"]}
    return {
        "Error": obj(
            {
                "sentence": {**TEXT, "description": "哪里不对、怎么办"},
                "fields": {"type": "object", "additionalProperties": items(TEXT), "description": "各项的问题；一并开的单在 hand_over. 下"},
                "entries": {**entries, "description": "版本过旧时，别人做过的事"},
                "reference": TEXT,
            },
            optional=("entries", "reference"),
        ),
        "Named": obj({"id": {"type": "integer"}, "text": TEXT}),
        "Number": obj({"number": TEXT}, description="办成了，但接口不能读这条记录"),
        "Row": obj({**head, "columns": {"type": "object", "additionalProperties": TEXT}}),
        "Record": obj(
            {
                **head,
                "opened_by": NAMED_OR_NOT,
                "clocks": items(
                    obj({"code": TEXT, "label": TEXT, "rule": TEXT, "status": TEXT, "status_word": TEXT, "tentative": FLAG, "due_at": MOMENT})
                ),
                "links": items(obj({"number": TEXT, "kind": TEXT, "why": TEXT, "state": TEXT, "url": TEXT})),
                "attachments": items(
                    obj({"id": {"type": "integer"}, "name": TEXT, "purpose": TEXT, "mime": TEXT, "size": {"type": "integer"}, "at": MOMENT, "by": TEXT, "url": TEXT})
                ),
                "steps": items(obj({"name": TEXT, "label": TEXT, "url": TEXT, "form": FLAG, "opens": nullable})),
                "journal": items(obj({"at": MOMENT, "by": TEXT, "step": TEXT, "sentence": TEXT})),
                "seen_as": TEXT,
            }
        ),
    }  # fmt: skip
