"""Who asks, who agrees, who pays out: three people wherever money leaves (domain.md §7)."""

from __future__ import annotations

from typing import Any

from yihu.kernel.who import Who, did, may, opener

ASKS_WAIVER = may("applying.waive", "收费员、客服经理")
ASKS_REFUND = may("applying.refund", "收费员、出纳")
ASKS_REVERSAL = may("applying.reverse", "收费员、出纳、会计")
HEAD = may("applying.approve", "财务主管")
MANAGER = may("applying.agree", "项目经理")
CASHIER = may("applying.pay", "出纳")
READER = may("applying.read_till", "财务主管")
RECEIVER = may("applying.receive_till", "出纳")


def counted_for(till: Any) -> bool:
    return bool(till.journal.filter(step="count_for").exists())


def _collected(person: Any, record: Any, grants: Any) -> bool:
    receipt = getattr(record, "receipt", None)
    return receipt is not None and receipt.collector_id == person.pk


took_the_money = Who(_collected, "收款人")
till_keeper = Who(lambda person, record, grants: record.pk is not None and record.collector_id == person.pk, "收款人")
_counted_for = Who(lambda person, record, grants: record.pk is not None and counted_for(record), "代为点算过")
# whoever counted for an absent collector reads nothing of it: then the project manager does
READS = READER | (MANAGER & _counted_for)
# paid by the bank, so that the bank may send it back; and what it has sent back
BY_BANK = Who(lambda person, record, grants: record.method == "bank", "转账付的")
CAME_BACK = Who(lambda person, record, grants: record.bounced_on is not None, "银行退回过的")
APPROVES = HEAD & ~(opener | did("agree", "同意的人"))
PAYS = CASHIER & ~(opener | did("approve", "批准人"))
