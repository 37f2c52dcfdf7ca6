"""维修资金凭单: its form, and what approval writes into the units' ledger."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.spending import fund
from yihu.areas.spending.models import FundEntry, FundVoucher
from yihu.basics.money import yuan
from yihu.ground.estate.models import Building, Unit
from yihu.ground.ledger.posting import books
from yihu.kernel.errors import Refused
from yihu.kernel.forms import FilesField, StepForm
from yihu.kernel.models import Attachment
from yihu.kernel.money_forms import MoneyField

Sort = FundVoucher.Sort
VOTE = ("vote_on", "joined_area", "joined_owners", "agreed_area", "agreed_owners")
LISTED, WHOLE = (Sort.OPENING, Sort.PAID), (Sort.INTEREST, Sort.USED)


class VoucherForm(StepForm):
    amount_fen = MoneyField(label="总额（元）", most=10**13)
    proof = FilesField(label="凭据", help_text="银行回单、表决结果、工程结算等")
    optional = ("listed", "amount_fen", "building", "proof", *VOTE)
    starred = ("listed", "amount_fen", *VOTE)
    only_when = {
        "listed": "sort=opening paid",
        "amount_fen": "sort=interest used",
        "building": "sort=used",
        **dict.fromkeys(VOTE, "sort=used"),
    }
    field_order = ("sort", "day", "words", "listed", "amount_fen", "building", *VOTE, "proof")

    class Meta:
        model = FundVoucher
        fields = ["sort", "day", "words", "listed", "amount_fen", "building", *VOTE]
        widgets = {"sort": forms.RadioSelect, "listed": forms.Textarea(attrs={"rows": 6})}
        help_texts = {
            "words": "例如“2026 年结息”“1 号楼屋面防水大修”",
            "listed": "每行一户：房号 金额，例如“A1-1-0101 12345.00”，可以从表格里粘贴",
            "building": "只由一栋楼承担的选楼栋；不选由全项目按建筑面积分摊",
        }

    def prepare(self) -> None:
        rows = Building.objects.filter(community_id=self.record.community_id).order_by("code")
        self.fields["building"].queryset = rows  # type: ignore[attr-defined]
        if self.record.pk is None:
            self.initial["day"] = self.initial.get("day") or timezone.localdate(self.at or timezone.now())
        else:
            self.initial["amount_fen"] = yuan(self.record.amount_fen)

    def clean_day(self) -> Any:
        return self.not_to_come("day")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        sort = cleaned.get("sort")
        if not sort or self.errors:
            return cleaned
        if sort in LISTED:
            self._read(cleaned)
        elif not cleaned.get("amount_fen"):
            self.add_error("amount_fen", "请填总额。")
        if sort != Sort.USED:
            cleaned |= dict.fromkeys((*VOTE, "building"))
        else:
            self._check_vote(cleaned)
        if not self.errors:
            for name in ("sort", "day", "amount_fen", "building"):
                setattr(self.record, name, cleaned.get(name))
            self._divide()
        return cleaned

    def _read(self, cleaned: dict[str, Any]) -> None:
        parts, wrong = fund.read_lines(cleaned.get("listed") or "", self.record.community_id)
        if wrong:
            self.add_error(
                "listed", "\n".join(wrong[:5]) + (f"\n（共 {len(wrong)} 行有问题）" if len(wrong) > 5 else "")
            )
        elif not parts:
            self.add_error("listed", "请写明各户的金额，每行一户。")
        self.record.parts, cleaned["amount_fen"] = parts, sum(amount for _, amount in parts)

    def _check_vote(self, cleaned: dict[str, Any]) -> None:
        for name in VOTE:
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, "使用维修资金要填表决结果。")
            elif name != "vote_on" and not 0 <= cleaned[name] <= 100:
                self.add_error(name, "请填 0 到 100 之间的百分比。")
        if not self.errors and (sentence := fund.why_no_vote(cleaned)):
            self.add_error(None, sentence)

    def _divide(self) -> None:
        sentence = reckon(self.record)
        if sentence:
            self.add_error(None, sentence)


class OpinionForm(StepForm):
    class Meta:
        model = FundVoucher
        fields = ["opinion"]
        widgets = {"opinion": forms.Textarea(attrs={"rows": 2})}


def reckon(voucher: FundVoucher) -> str:
    """Divide the whole among the units; gives why it cannot be, as a sentence."""
    sentence = ""
    if voucher.sort == Sort.INTEREST:
        voucher.parts, sentence = fund.divide_interest(voucher.amount_fen, voucher.community_id, voucher.day)
    elif voucher.sort == Sort.USED:
        units = Unit.objects.filter(community_id=voucher.community_id).order_by("sort_key", "pk")
        if voucher.building is not None:
            units = units.filter(building=voucher.building)
        voucher.parts, sentence = fund.divide_use(voucher.amount_fen, list(units), voucher.day)
    return sentence


def asked(act: Any) -> None:
    for upload in act.data.get("proof") or ():
        act.attach(upload, Attachment.Purpose.PAPER)
    act.tell_post("finance_supervisor", f"{act.record.number} {act.record.summarise()[:80]}，请审批。")


def posted(act: Any) -> None:
    """The community's books are held meanwhile: two uses of the same balance come one after the other."""
    voucher = act.record
    with books(act.command, voucher.community_id):
        if sentence := reckon(voucher):
            raise Refused(sentence)
        if voucher.sort == Sort.OPENING:
            units = [unit for unit, _ in voucher.parts]
            twice = FundEntry.objects.filter(unit__in=units, sort=Sort.OPENING).select_related("unit").first()
            if twice is not None:
                raise Refused(f"{twice.unit} 已经有期初余额，不能再登记一次。")
        FundEntry.objects.bulk_create(
            [
                FundEntry(
                    community_id=voucher.community_id, unit_id=unit, voucher=voucher, day=voucher.day, sort=voucher.sort, amount=amount
                )
                for unit, amount in voucher.parts
            ],
            batch_size=1000,
        )  # fmt: skip
    voucher.approved_by, voucher.approved_at = act.by, act.at
    act.tell([voucher.opened_by], f"{voucher.number} 已入账。")


def refused(act: Any) -> None:
    act.tell([act.record.opened_by], f"{act.record.number} 不同意：{act.record.opinion[:80]}")
