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
    receipt = getattr(record, "receipt", None) or getattr(getattr(record, "deposit", None), "receipt", None)
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
AGREED = did("approve", "批准人") | did("approve_name", "批准人")
PAYS = CASHIER & ~(opener | AGREED | did("account", "改正账户的人"))
# to another name than the receipt's: agreed to by a step of its own, after a look at the proof
OTHER_NAME = Who(lambda person, record, grants: bool(record.name_why), "户名与收据不同的")
# whether the right receipt is there is said by another hand than the one that took the money
RIGHTS = (ASKS_REVERSAL | HEAD) & ~took_the_money
