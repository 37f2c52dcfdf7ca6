"""Compares what procedures and pages ask for with what the matrix grants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Error
from django.db import connections
from django.urls import URLPattern, URLResolver, get_resolver

from yihu.ground.staff.codes import POST_TITLES
from yihu.ground.staff.default_grants import AREAS, CAPABILITIES
from yihu.ground.staff.models import Grant
from yihu.kernel.builtin import built_in_steps
from yihu.kernel.forms import PersonChoice
from yihu.kernel.procedure import procedures


def asked_for() -> dict[str, str]:
    """Every capability that a procedure or a page names, and who names it."""
    found: dict[str, str] = {}
    for procedure in procedures():
        for who in (procedure.opened_by, procedure.seen_by, *(step.who for step in procedure.steps)):
            found |= dict.fromkeys(who.capabilities, procedure.kind)
        for form in (procedure.opening_form, *(step.form for step in procedure.steps)):
            for field in getattr(form, "base_fields", {}).values():
                if isinstance(field, PersonChoice):
                    found[field.capability] = procedure.kind
    for pattern in _patterns(get_resolver().url_patterns):
        policy = getattr(pattern.callback, "policy", None)
        if policy and policy.may:
            found.setdefault(policy.may, f"page {pattern.pattern}")
    return found


def known() -> list[str]:
    """All there are: those of the table in its order, then what procedures, built-in steps and pages name beyond it."""
    listed = [capability.code for capability in CAPABILITIES]
    built_in = {code for one in procedures() for step in built_in_steps(one) for code in step.who.capabilities}
    return listed + sorted((set(asked_for()) | built_in) - set(listed))


def matrix(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The default table: every name known, nothing that is asked for is granted to nobody."""
    wrong: list[CheckMessage] = []
    codes = [capability.code for capability in CAPABILITIES]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        wrong.append(Error(f"default_grants names {code} twice", id="staff.E001"))
    for capability in CAPABILITIES:
        for post in capability.posts:
            if post not in POST_TITLES:
                wrong.append(
                    Error(f"default_grants gives {capability.code} to the unknown post {post!r}", id="staff.E002")
                )
        if capability.area not in AREAS:
            wrong.append(Error(f"default_grants names {capability.code}, whose area has no label", id="staff.E003"))
    granted = {capability.code for capability in CAPABILITIES if capability.posts}
    for code, place in sorted(asked_for().items()):
        if code not in granted:
            hint = "Add a row to yihu/ground/staff/default_grants.py."
            wrong.append(
                checks.Warning(
                    f"{place} asks for {code}, which default_grants grants to nobody", hint=hint, id="staff.W001"
                )
            )
    return wrong


def granted_rows(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """The editable rows: no grant of a capability or to a post that nobody knows (``check --database default``)."""
    wrong: list[CheckMessage] = []
    names = set(known())
    for using in databases or ():
        if Grant._meta.db_table not in connections[using].introspection.table_names():
            continue
        for post, capability in Grant.objects.using(using).values_list("post_code", "capability").distinct():
            if capability not in names or post not in POST_TITLES:
                wrong.append(Error(f"the database grants the unknown {capability!r} to {post!r}", id="staff.E004"))
    return wrong


def _patterns(patterns: list[Any]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns)
        else:
            yield pattern
