"""Where one may go: the registers and pages that a person may open, grouped, in the order of the day's work.

Every page shows it, and it is the same for all who may do the same: it is put together and drawn once for them. What it
is kept by is all that it depends on, so that a changed post or grant shows on the next page.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.safestring import SafeString

from yihu.kernel.authority import grants_of
from yihu.kernel.procedure import Procedure
from yihu.kernel.screens import all_screens
from yihu.kernel.screens.places import entry_over, place, places

# An entry's order says in which group of the navigation it stands, and (73.2) where in it.
GROUPS = (
    (0, "", ""),
    (20, "前台", "reception"),
    (30, "维修与服务", "repairs"),
    (40, "客户关系", "follow"),
    (50, "房屋与业户", "units"),
    (51, "钥匙与门禁", "lock"),
    (54, "档案", "paperclip"),
    (60, "汇总与报表", "chart"),
    (72, "收费", "digest"),
    (75, "出账与催缴", "digest"),
    (77, "账务与支出", "chart"),
    (80, "管理", "admin"),
)
place(10, "今日", "workbench:today", icon="today")
place(25, "知识库", "reception:knowledge", "reception.open", icon="info")
place(50, "房屋", "estate:units", "estate.see", icon="units")
place(70, "报表", "reports:overview", "reports.see", icon="chart")
place(79, "收费报表", "reports:fee_reports", "ledger.see")
place(80, "人员", "staff:people", "staff.see", icon="people")
place(90, "设置", "kernel:settings", "kernel.parameters", "kernel.calendar", "staff.manage", icon="admin")
OF_MONEY = ("收费", "出账与催缴", "账务与支出")
# A navigation longer than a screen keeps its later groups folded: 今日 and the first two groups stay open.
IN_SIGHT, UNFOLDED, WORTH_FOLDING = 20, 3, 3
# The columns that tie a record to one person.
OWN = ("handler", "opened_by")
REGISTER_ICONS = {"reception": "reception", "repairs": "repairs", "matters": "follow", "daysheets": "digest"}
KEPT = 256  # different sets of permissions, and pages of each, that are remembered


class Entry(NamedTuple):
    order: float
    label: str
    icon: str
    url: str


class Drawn(NamedTuple):
    """The side of a wide page and the foot of a narrow one."""

    side: SafeString
    tabbar: SafeString


_known: dict[Hashable, tuple[Entry, ...]] = {}


def drawn(request: HttpRequest) -> Drawn:
    """The navigation of this person on this page."""
    entries = entries_of(request)
    return _draw(entries, _here(request.path, entries), handles_money(request))


def _here(path: str, entries: tuple[Entry, ...]) -> str:
    """The entry that a page belongs to: by its address, else as its area says, else the list that leads to it."""
    over = entry_over(path)
    path = address(over[0], *over[1]) if over else path
    found = max((one.url for one in entries if _within(path, one.url)), key=len, default="")
    if found:
        return found
    mine = {one.url for one in entries}
    beside = [(near, url) for near, url in _led_to(get_urlconf(), len(all_screens())) if url in mine]
    return max((pair for pair in beside if _within(path, pair[0])), key=lambda pair: len(pair[0]), default=("", ""))[1]


@lru_cache(maxsize=4)
def _led_to(urlconf: Hashable, screens: int) -> tuple[tuple[str, str], ...]:
    """The pages that stand above a list of the navigation, each with the list's address."""
    found = []
    for screen in all_screens():
        if screen.nav:
            url = reverse("kernel:list", args=[screen.slug])
            found += [(address(near.name, *near.args), url) for near in screen.nearby]
    return tuple((near, url) for near, url in found if near)


@lru_cache(maxsize=4 * KEPT)
def _draw(entries: tuple[Entry, ...], here: str, money: bool) -> Drawn:
    nav = grouped(entries, here, money=money)
    given = {"nav": nav, "nav_nearest": nearest(nav, money=money)}
    return Drawn(render_to_string("ui/side.html", given), render_to_string("ui/tabbar.html", given))


def entries_of(request: HttpRequest) -> tuple[Entry, ...]:
    """What this person may open, in order; looked through anew only for permissions not met before."""
    grants: Any = grants_of(request.user)
    permitted = frozenset(grants.capabilities.items()), frozenset(grants.departments.items())
    key = (request.community.pk, permitted, get_urlconf(), len(all_screens()), len(places()))
    if key not in _known:
        if len(_known) >= KEPT:
            _known.clear()
        _known[key] = tuple(sorted([*_places(request), *_registers(request)]))
    return _known[key]


def grouped(entries: tuple[Entry, ...], here: str, *, money: bool) -> list[dict[str, Any]]:
    """In groups, the current one marked; the later groups of a long navigation folded."""
    groups: dict[str, dict[str, Any]] = {}
    for order, label, icon, url in entries:
        _, title, group_icon = max(group for group in GROUPS if group[0] <= order)
        group = groups.setdefault(title, {"label": title, "icon": group_icon, "items": []})
        group["items"].append({"label": label, "icon": icon or group_icon, "url": url, "current": url == here})
    found = list(groups.values())
    for place_of, group in enumerate(found):
        here_in = any(item["current"] for item in group["items"])
        daily = place_of < UNFOLDED or (money and group["label"] in OF_MONEY)
        group["open"] = here_in or len(entries) <= IN_SIGHT or daily or len(group["items"]) < WORTH_FOLDING
    return found


def nearest(groups: list[dict[str, Any]], *, money: bool) -> list[dict[str, Any]]:
    """The four pages that a thumb reaches first: 今日, and the first of each group; for those who bill and collect, of theirs."""
    first, rest = groups[:1], groups[1:]
    if money:
        rest = sorted(rest, key=lambda group: group["label"] not in OF_MONEY)
    return [group["items"][0] for group in (*first, *rest)][:4]


def handles_money(request: HttpRequest) -> bool:
    grants = grants_of(request.user)
    return any(grants.may(one, request.community.pk) for one in ("ledger.bill", "ledger.collect", "ledger.reverse"))


def _within(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def _registers(request: HttpRequest) -> Iterable[Entry]:
    for screen in all_screens():
        if screen.nav and _concerns(screen.procedure, request):
            label, order = screen.nav
            yield Entry(order, label, REGISTER_ICONS.get(screen.slug, ""), reverse("kernel:list", args=[screen.slug]))


def _places(request: HttpRequest) -> Iterable[Entry]:
    grants = grants_of(request.user)
    for one in places():
        url = address(one.name)
        if url and (not one.may or any(grants.may(capability, request.community.pk) for capability in one.may)):
            yield Entry(one.order, one.label, one.icon, url)


def _concerns(procedure: Procedure, request: HttpRequest) -> bool:
    """Whether a register belongs to somebody's work: he sees more of it than his own records, or has a part in it.

    What was handed to him all the same stands in 今日; a list that is always empty would only be in the way.
    """
    grants = grants_of(request.user)
    parts = procedure.opened_by.capabilities.union(*(step.who.capabilities for step in procedure.steps))
    return sees_others(procedure.seen_by.condition(request.user, grants)) or any(
        grants.may(part, request.community.pk) for part in parts
    )


def sees_others(condition: Q) -> bool:
    """Whether a register's sight could let through what this person neither has in hand nor opened himself."""
    found = [
        sees_others(child) if isinstance(child, Q) else child != ("pk__in", []) and not child[0].startswith(OWN)
        for child in condition.children
    ]
    return all(found) if condition.connector == Q.AND else any(found)


def address(name: str, *args: str) -> str:
    """An installation may leave a front out; then nothing leads there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
