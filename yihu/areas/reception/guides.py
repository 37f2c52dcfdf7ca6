"""接待指引: what to say and do, beside the form (DESK-10). Written under supervision; the company's own hold everywhere."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from yihu.areas.reception.models import Guide
from yihu.kernel.authority import is_system
from yihu.kernel.errors import NotAllowed
from yihu.kernel.facts import plain
from yihu.kernel.plain import may_everywhere, require, writing

EDIT = "knowledge.edit"
BOOK = "reception.guide"
COLUMNS = ("when", "channel", "category", "lines", "position")


def in_force(community: Any) -> QuerySet[Guide]:
    """The company's guides and the community's own, in order."""
    return Guide.objects.filter(Q(community=community) | Q(community__isnull=True))


def guides_for(community: Any) -> list[dict[str, Any]]:
    return [
        {
            "title": row.when,
            "lines": [line for line in row.lines.splitlines() if line.strip()],
            "channel": row.channel,
            "category": row.category,
        }
        for row in in_force(community)
    ]


def may_edit(by: Any, guide: Guide) -> bool:
    return guide.community_id is not None or is_system(by) or may_everywhere(by, EDIT)


def save(guide: Guide, *, by: Any, key: str | None = None, seen: int | None = None) -> None:
    """Write a guide, new or changed."""
    _require(by, guide)
    body = [guide.community_id, *(str(getattr(guide, name)) for name in COLUMNS)]
    with writing(BOOK, guide.pk or "new", by=by, key=key, verb="save", body=body, seen=seen) as opened:
        if opened is None:
            return
        commanding, book = opened
        before = Guide.objects.filter(pk=guide.pk).first() if guide.pk else None
        if before is None:
            guide.save(force_insert=True)
            commanding.note(commanding.book(BOOK, guide.pk), f"{by} 写下接待指引“{guide.when}”", step="add")
        else:
            guide.save(update_fields=COLUMNS)
            changed = {
                name: pair
                for name in COLUMNS
                if (pair := [_words(before, name), _words(guide, name)]) and pair[0] != pair[1]
            }
            if changed:
                commanding.note(book, f"{by} 修改接待指引“{guide.when}”", changed, step="change")
        commanding.answer(guide)


def remove(guide: Guide, *, by: Any, key: str | None = None) -> None:
    """Take a guide away; the journal keeps what it said."""
    _require(by, guide)
    with writing(BOOK, guide.pk, by=by, key=key, verb="remove", body=[]) as opened:
        if opened is not None:
            commanding, book = opened
            Guide.objects.filter(pk=guide.pk).delete()
            commanding.note(
                book, f"{by} 删去接待指引“{guide.when}”", {"lines": [plain(guide.lines), ""]}, step="remove"
            )


def _require(by: Any, guide: Guide) -> None:
    if guide.community_id is not None:
        require(by, EDIT, guide.community_id, "您不能编写接待指引，请找客服主管。")
    elif not may_edit(by, guide):
        raise NotAllowed("全公司的接待指引，只能由管理所有项目的客服主管修改。")


def _words(guide: Guide, name: str) -> str:
    if name in ("channel", "category"):
        return str(getattr(guide, f"get_{name}_display")() or "不限")
    return plain(getattr(guide, name))
