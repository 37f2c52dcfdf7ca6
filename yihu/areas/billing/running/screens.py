"""Columns, tabs and panels of the runs: what, how much, what is odd, what changed, who checks."""

from __future__ import annotations

from typing import Any

from yihu.areas.billing.running.models import BillingRun, MonthTurn
from yihu.areas.billing.running.showing import finding_groups, item_rows, samples
from yihu.basics.money import yuan
from yihu.kernel.moments import stamp
from yihu.kernel.screens import Nearby, Screens, Tab, screens
from yihu.kernel.screens.places import inside

inside("/running/", "kernel:list", "billing-runs")
S = BillingRun.State


@screens
class BillingRunScreens(Screens):
    model = BillingRun
    word = "出账"
    tabs = (
        Tab("check", "待核对", (S.READY,), may="running.check"),
        Tab("post", "待出账", (S.CHECKED, S.STOPPED), may="ledger.bill"),
        Tab("back", "待批准冲回", (S.ASKED_BACK,), may="ledger.reverse"),
    )
    columns = ("number", "state", "summary", "total", "odd", "opened_by", "opened_at")
    filters = ("state",)
    related = ("opened_by", "checker", "poster", "back_asker", "back_approver")
    nav = ("出账", 75.1)
    nearby = (Nearby("预收抵缴同意", "running:list_consents", "ledger.see"),)

    def default_tab(self, person: Any, community: Any) -> str:
        """A run that is posted is finished for those who look for open work."""
        return "all"

    def cell_total(self, run: BillingRun) -> str:
        return f"{yuan(run.amount)} 元" if run.drawn_at else ""

    cell_total.label = "合计"  # type: ignore[attr-defined]

    def cell_odd(self, run: BillingRun) -> str:
        count = run.figures.get("findings", 0)
        return f"{count} 处" if count else "无"

    cell_odd.label = "要看的"  # type: ignore[attr-defined]

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        if record.drawn_at is None:
            return []
        found = [{"title": "各收费项目", "template": "running/_items.html", "rows": item_rows(record), "run": record}]
        if groups := finding_groups(record):
            found.insert(0, {"title": "要看的", "template": "running/_findings.html", "groups": groups, "run": record})
        if bills := samples(record):
            found.append({"title": "抽查账单", "template": "running/_samples.html", "bills": bills, "run": record})
        return found

    def beside(self, record: Any, person: Any, step: str = "") -> dict[str, Any]:
        return {"at_a_glance": glance(record), "moving": record.state in (S.DRAWING, S.POSTING, S.REVERSING)}


def glance(run: BillingRun) -> dict[str, Any]:
    """The one look."""
    figures = run.figures
    return {
        "drawn": run.drawn_at is not None,
        "facts": [
            {"label": "账单月份", "text": str(run.month)},
            {"label": "来源", "text": run.source_words},
            {"label": "要出", "text": f"{figures.get('units', 0)} 户 {run.lines} 行，{yuan(run.amount)} 元"},
            {"label": "不出账", "text": f"{figures.get('left_out', 0)} 户（有要先解决的问题）" if figures.get("left_out") else "无"},
            {"label": "已出过", "text": f"{figures.get('already', 0)} 行" if figures.get("already") else "无"},
            *_who(run),
        ],
    }  # fmt: skip


def _who(run: BillingRun) -> list[dict[str, str]]:
    told = [("试算", run.opened_by, run.drawn_at), ("核对", run.checker, run.checked_at)]
    rows = [{"label": label, "text": f"{person} {stamp(at)}"} for label, person, at in told if person and at]
    if run.lines_posted or run.lines_skipped:
        skipped = f"，跳过已出过的 {run.lines_skipped} 行" if run.lines_skipped else ""
        rows.append(
            {"label": "已出账", "text": f"{run.lines_posted} 行，{yuan(run.amount_posted)} 元{skipped}（{run.poster}）"}
        )
    if run.amount_offset:
        rows.append({"label": "已抵缴", "text": f"{yuan(run.amount_offset)} 元"})
    if run.lines_back:
        rows.append(
            {"label": "已冲回", "text": f"{run.lines_back} 行，{yuan(run.amount_back)} 元（{run.back_approver} 批准）"}
        )
    if run.state in (run.State.ASKED_BACK, run.State.REVERSING):
        which = f"{len(run.back_units)} 户" if run.back_units else "整批"
        rows.append({"label": "申请冲回", "text": f"{which} {run.back_total} 行，{run.back_why}（{run.back_asker}）"})
    return rows  # fmt: skip


@screens
class MonthTurnScreens(Screens):
    """It stands in 今日 and in the month's calendar, not in the navigation."""

    model = MonthTurn
    word = "月度出账"
    tabs = (Tab("draw", "待试算", (MonthTurn.State.DUE,), may="ledger.bill"),)
    columns = ("number", "state", "period", "next_due_at")
    panels = (("出账", ("period", "due_at", "why")),)
