"""Short words for what happens to keys in the stories."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.support.doing import log_contact, signature, the_order
from yihu.areas.keys.models import Cabinet, Custody, Hook, KeyLoan, KeySet
from yihu.kernel.doors import open_record, perform


def cabinet(cast: Any, hooks: int = 6) -> Cabinet:
    """一号柜 with hooks A-01 … in the desk's keeping."""
    return Cabinet.objects.create(
        community=cast.yunqi, name="一号柜", place="值班室", keeper=cast.wang, hook_prefix="A-", hook_count=hooks
    )


def entrust(cast: Any, *tags: str, when: datetime | None = None, unit: Any = None, **typed: Any) -> Custody:
    """赵业主 leaves keys of her home for repairs, each on the next free hook."""
    assert cast.owner
    hooks = list(Hook.objects.filter(keyset__isnull=True).order_by("position"))
    said: dict[str, Any] = {
        "unit": (unit or cast.home).pk, "signer": "赵业主", "capacity": "owner", "id_type": "card", "id_last4": "5647",
        "purpose": "repair", "from_on": "2026-11-02", "signature": signature(),
    }  # fmt: skip
    for at, tag in enumerate(tags or ("K001",), 1):
        said |= {f"place_{at}": "入户门", f"tag_{at}": tag, f"hook_{at}": hooks[at - 1].pk if len(hooks) >= at else ""}
    trusted: Custody = open_record(Custody(community=cast.yunqi), by=cast.wang, at=when, data={**said, **typed})
    return trusted


def key(tag: str = "K001") -> KeySet:
    return KeySet.objects.get(tag=tag)


def plant(cast: Any, tag: str = "S001") -> KeySet:
    """The key of the pump room."""
    return KeySet.objects.create(community=cast.yunqi, tag=tag, place="水泵房", kind="plant")


def order_of(cast: Any, worker: Any = None, **typed: Any) -> Any:
    """A repair of the home, in 陈维修's hands."""
    order = the_order(log_contact(cast, **typed))
    data = {"handler": (worker or cast.chen).pk, "level": order.level, "trade": "water"}
    return perform(order, "assign", by=cast.gong, data=data)


def lend(
    cast: Any, tag: str = "K001", *, by: Any = None, when: datetime | None = None, once: str | None = None, **typed: Any
) -> KeyLoan:
    """The key to 陈维修 for his order; ``typed`` says what is different."""
    said = {"tag": tag, "act": "borrow", "borrower_kind": "repairer", "staff": cast.chen.pk, **typed}
    lent: KeyLoan = open_record(KeyLoan(community=cast.yunqi), by=by or cast.wang, at=when, key=once, data=said)
    return lent


def take_back(cast: Any, loan: Any, when: datetime | None = None, **typed: Any) -> Any:
    said = {"condition": "good", "returned_by": loan.borrower, **typed}
    return perform(loan, "give_back", by=cast.wang, at=when, data=said)


def release(cast: Any, custody: Any, **typed: Any) -> Any:
    said = {
        "released_to": "赵业主", "release_id_type": "card", "release_id_last4": "5647", "slip": "back",
        "receipt_no": custody.receipt_no, "signature": signature(),
    }  # fmt: skip
    return perform(custody, "release", by=cast.wang, data={**said, **typed})
