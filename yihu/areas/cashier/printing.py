"""《收据》 (F86), 《预收抵缴单》, 《对账单》 and 《欠费清单》 on paper."""

from __future__ import annotations

from typing import Any

from yihu.areas.cashier import receipts
from yihu.areas.cashier.banking.channels import label_of, scannable
from yihu.areas.cashier.banking.models import PayOrder
from yihu.areas.cashier.used import Use, bills_of, left_then
from yihu.basics.charts import Drawing
from yihu.basics.identity import mask_free_text, mask_name
from yihu.basics.money import rmb_capitals, yuan
from yihu.kernel.moments import stamp
from yihu.kernel.prints.declare import Print
from yihu.kernel.prints.plain import qr_svg


def receipt(one: Any, by: Any) -> dict[str, Any]:
    """What the money did when it came in; a later copy says the same, and 补打 n."""
    lines = receipts.uses(one, at_once=True)
    rest = receipts.on_account(one, lines)
    rows = [[mask_free_text(line["what"]), line["unit"], line["period"], yuan(line["fen"])] for line in lines]
    if rest:
        rest_words = "预收款" if one.party_id else "待认领款"
        rows.append([rest_words, str(one.unit or ""), _later(one), yuan(rest)])
    asked = _waiting(one)
    return {
        "community": one.community.name,
        "number": one.number,
        "qr": one.number,
        "pay_code": Drawing(qr_svg(asked.pay_url)) if asked else "",
        "pay_words": f"付款单 {asked.number} {yuan(asked.amount)} 元尚未缴纳，请扫码付款" if asked else "",
        "void": one.voided_by_id is not None,
        "payer": mask_free_text(one.payer_name),
        "customer": mask_free_text(one.party.name) if one.party_id else "",
        "unit": str(one.unit or ""),
        "day": stamp(one.received_at),
        "method": _method(one),
        "lines": rows,
        "total": yuan(one.amount),
        "capitals": rmb_capitals(one.amount),
        "collector": str(one.collector),
    }


def _later(one: Any) -> str:
    """What becomes of the money that is left over, as its payer said."""
    if one.party_id is None:
        return "认领后入账"
    return "付款人同意：以后的账单出来自动抵缴" if one.agreed else "以后的费用可用它抵缴"


def ahead_use(one: Use, by: Any) -> dict[str, Any]:
    """As it stood when the money was used; what was taken back since is said."""
    left, bound = left_then(one)
    back, receipt = one.taken_back, one.receipt
    of = f"{yuan(left)} 元，其中 {yuan(bound)} 元只抵{receipt.bound_to}" if bound else f"{yuan(left)} 元"
    return {
        "community": receipt.community.name,
        "number": one.number,
        "qr": receipt.number,
        "void": back == one.amount,
        "customer": mask_free_text(str(receipt.party)),
        "unit": str(receipt.unit or "各户"),
        "day": stamp(one.first.at),
        "receipt": receipt.number,
        "received": stamp(receipt.received_at),
        "came": yuan(receipt.amount),
        "why": one.why,
        "lines": [
            [mask_free_text(row["what"]) + (f"（{row['state']}）" if row["state"] else ""), row["unit"], row["period"], row["due"],
             row["amount"], row["used"], row["left"]]
            for row in bills_of(one)
        ],
        "total": yuan(one.amount),
        "capitals": rmb_capitals(one.amount),
        "left": of,
        "back": f"其中 {yuan(back)} 元后来随账单冲回，已回到预收。" if back else "",
        "by": str(one.first.by),
    }  # fmt: skip


def _method(one: Any) -> str:
    """How it was paid, with the number by which it is found at the bank or the channel."""
    channel, _, number = one.reference.partition(":")
    if one.method == one.Method.ONLINE and number:
        return f"{label_of(channel)}（{number}）"
    return one.get_method_display() + (f"（{one.reference}）" if one.reference else "")


def _waiting(receipt: Any) -> PayOrder | None:
    """What the payer was asked for online and has not paid yet."""
    if receipt.party_id is None or receipt.voided_by_id is not None:
        return None
    ours = PayOrder.objects.filter(
        party_id=receipt.party_id, state=PayOrder.State.WAITING, bill=""
    )  # what we asked for
    found = ours.exclude(pay_url="").order_by("-pk").first()
    return found if found is not None and scannable(found.pay_url) else None


def payer_receipt(one: Any, by: Any) -> dict[str, Any]:
    """As the page behind the notice's code hands it out: whoever has the paper sees no full name and nothing more to pay."""
    told = receipt(one, by)
    shown = {name: mask_name(told[name]) for name in ("payer", "customer")}
    return {**told, **shown, "pay_code": "", "pay_words": ""}


def statement(told: Any, by: Any) -> dict[str, Any]:
    return dict(told)


def arrears(told: Any, by: Any) -> dict[str, Any]:
    return dict(told)


RECEIPT = Print(
    "receipt", "收据", data=receipt, paper="a5-landscape", copies=("客户联", "存根联"), says_numbers=True, issued=True
)
PAYER_RECEIPT = Print(
    "payer_receipt", "收据", data=payer_receipt, template="cashier/prints/receipt.typ", paper="a5-landscape",
    copies=("电子联",), issued=True,
)  # fmt: skip
AHEAD_USE = Print(
    "ahead_use", "预收抵缴单", data=ahead_use, paper="a5-landscape", copies=("客户联", "存根联"), issued=True
)
STATEMENT = Print("statement", "对账单", data=statement, issued=True)
ARREARS = Print("arrears", "欠费清单", data=arrears, paper="a4-landscape", of_one=False)
