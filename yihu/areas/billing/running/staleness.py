"""What was checked is what is posted; so where a price was changed since the preview, it is drawn up and checked anew (FEE-20)."""

from __future__ import annotations

from typing import Any

from yihu.areas.billing.running.models import BillingRun
from yihu.areas.billing.tariffs.standing import prices_in
from yihu.ground.ledger.models import FeeItem

S = BillingRun.State


def prices_held(run: BillingRun) -> str:
    """The same once more when the posting begins, while nobody else can set a price; from then on none is set until the
    posting is through (``being_posted``)."""
    list(FeeItem.objects.select_for_update().filter(community=run.community_id).order_by("pk").values_list("pk"))
    return prices_changed(run)


def being_posted(community_id: int) -> str:
    """Why no price may change there just now."""
    under_way = (
        BillingRun.objects.filter(community=community_id, state__in=(S.POSTING, S.STOPPED)).order_by("pk").first()
    )
    if under_way is None:
        return ""
    word = "正在出账，请等它出完" if under_way.state == S.POSTING else "暂停在出账中途，请先继续出完或冲回"
    return f"{under_way.number} {word}，再改价格：没有出完的那些户还是按原来的价试算的。"


def prices_of(run: BillingRun) -> dict[str, str]:
    return prices_in(run.community_id, run.month, run.sources)


def prices_changed(run: Any, by: Any = None) -> str:
    """A price that was changed after the preview would never be made good: the bills would stand by one that no longer holds."""
    then = run.figures.get("prices")
    if then is None:
        return ""
    now = prices_of(run)
    changed = {int(item) for item in {*then, *now} if then.get(item) != now.get(item)}
    if run.items:
        changed &= set(run.items)
    names = FeeItem.objects.filter(pk__in=changed).order_by("pk").values_list("name", flat=True)
    return f"试算以后改了价格（{'、'.join(names)}），这一张还是原来的价：请重新试算，重新核对。" if changed else ""
