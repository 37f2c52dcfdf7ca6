"""The catalogue that comes with the program (S4-7, ARC-10): read from its text, put into a community that has none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from yihu.areas.catalogue.models import Item, Rule, Section
from yihu.areas.catalogue.words import KEEP, TREE
from yihu.kernel.errors import Conflict, Refused
from yihu.kernel.plain import require, writing

# domain §2, Retention [default]: (name, years, what it is meant for)
RULES = (
    ("三年", 3, "日常登记、巡查、值班、维修、会议记录"),
    ("五年", 5, "投诉、突发事件、理赔；发票存根"),
    ("十年", 10, "银行对账单"),
    ("三十年", 30, "账单、收据、凭证、账簿"),
    ("长期", None, "合同、制度、证照；不列入到期"),
    ("永久", None, "建设、移交、竣工资料；不列入到期"),
)
_LINE = re.compile(r"^(=+|-) (\S+)(?: ([^@~!%]*))?")
_MARKS = {"@": "cabinet", "~": "period", "!": "remark", "%": "rule"}


@dataclass
class Node:
    """One line of the text, with what stands below it."""

    level: int
    number: str
    title: str
    marks: dict[str, str]
    below: list[Node] = field(default_factory=list)


def read() -> list[Node]:
    """The nine parts."""
    parts: list[Node] = []
    path: list[Node] = []
    for line in Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines():
        found = _LINE.match(line)
        if found is None:
            continue
        depth, number, title = found.groups()
        marks = {_MARKS[one[0]]: one[1:].strip() for one in re.findall(r"[@~!%][^@~!%]+", line)}
        level = 0 if depth == "-" else len(depth)
        node = Node(level, number, (title or "").strip(), marks)
        if level:
            path = path[: level - 1]
        (path[-1].below if path else parts).append(node)
        if level:
            path.append(node)
    return parts


def load(community: Any, *, by: Any, key: str | None = None) -> int:
    """Put the default catalogue into a community that has none; gives how many items it has."""
    require(by, KEEP, community.pk, "您不能装入目录，请找档案管理员或客服主管。")
    with writing(TREE, community.pk, by=by, key=key, verb="load", body=[community.pk]) as opened:
        if opened is None:
            return Item.objects.filter(community=community).count()
        commanding, book = opened
        if Section.objects.filter(community=community).exists():
            raise Refused("这个项目已经有目录，不能再装入；请在现有目录上增改。")
        try:
            with transaction.atomic():
                items = list(_laid_out(community, read(), None, {}, rules_of(community)))
                Item.objects.bulk_create(items)
        except IntegrityError:
            raise Conflict("别人刚刚装入了目录，请刷新看看。") from None
        commanding.note(book, f"{by} 装入默认目录，{len(items)} 个条目", step="load")
        commanding.answer(community)
    return len(items)


def rules_of(community: Any) -> dict[str, Rule]:
    """The community's rules by name; those that come with the program are added where they are missing."""
    known = {rule.name: rule for rule in Rule.objects.filter(community=community)}
    for place, (name, years, what) in enumerate(RULES):
        if name not in known:
            known[name] = Rule.objects.create(community=community, name=name, years=years, what=what, position=place)
    return known


def _laid_out(
    community: Any, nodes: list[Node], parent: Section | None, above: dict[str, str], rules: dict[str, Rule]
) -> Iterator[Item]:
    for place, node in enumerate(nodes, start=1):
        rule = rules.get(node.marks.get("rule") or above.get("rule", ""))
        here = {"community": community, "position": place, "number": node.number, "title": node.title}
        common = {"cabinet": node.marks.get("cabinet", ""), "remark": node.marks.get("remark", ""), "rule": rule}
        if node.level:
            section = Section.objects.create(**here, **common, parent=parent, level=node.level)
            yield from _laid_out(community, node.below, section, {**above, **node.marks}, rules)
        else:
            assert parent is not None
            yield Item(**here, **common, section=parent, period=node.marks.get("period", ""))
