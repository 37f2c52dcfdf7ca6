"""The description of the interface, arranged for people: a chapter for each register, its addresses and what they take."""

from __future__ import annotations

from functools import cache
from typing import Any

from yihu.fronts.api.openapi import document

METHODS = ("get", "post")


@cache
def chapters() -> list[dict[str, Any]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for address, methods in document()["paths"].items():
        for method in METHODS:
            if method in methods:
                told = methods[method]
                found.setdefault(told["tags"][0], []).append(_entry(address, method, told))
    return [{"title": title, "entries": entries} for title, entries in found.items()]


def _entry(address: str, method: str, told: dict[str, Any]) -> dict[str, Any]:
    return {
        "method": method.upper(),
        "address": address,
        "summary": told["summary"].split("：", 1)[-1],
        "fields": _fields(told) if method == "post" else _query(told),
    }


def _query(told: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {"name": one["name"], "words": one.get("description", ""), "must": "必填" if one.get("required") else ""}
        for one in told.get("parameters", ())
        if one["in"] == "query"
    ]


def _fields(told: dict[str, Any]) -> list[dict[str, str]]:
    content = told["requestBody"]["content"]
    schema = content["application/json"]["schema"]["properties"].get("fields", {"properties": {}})
    rows = [_row(name, one, name in schema.get("required", ())) for name, one in schema["properties"].items()]
    parts = content.get("multipart/form-data", {"schema": {"properties": {}}})["schema"]["properties"]
    rows += [_row(name, one, False) for name, one in parts.items() if name != "payload"]
    return rows


def _row(name: str, schema: dict[str, Any], must: bool) -> dict[str, str]:
    kind = schema.get("type", "")
    kind = kind[0] if isinstance(kind, list) else kind
    words = schema.get("x-words") or schema.get("items", {}).get("x-words") or {}
    choices = "、".join(f"{value} {label}" for value, label in words.items())
    told = [schema.get("title", ""), {"array": "列表"}.get(kind, ""), schema.get("description", ""), choices]
    return {"name": name, "words": "；".join(one for one in told if one), "must": "必填" if must else ""}
