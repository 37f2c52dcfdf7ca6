"""日结: what was counted, who takes it over, what the supervisor says."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.cashier.applying.counting import desk_closes, till_of
from yihu.areas.cashier.applying.models import TillClose
from yihu.areas.cashier.applying.models.till import CASH_LIKE
from yihu.basics.money import yuan
from yihu.ground.staff.models import Account, Post
from yihu.kernel.authority import is_system
from yihu.kernel.forms import StepForm
from yihu.kernel.money_forms import MoneyField


class CountForm(StepForm):
    """One amount for each way of paying that occurred. Only what must be counted by hand is left empty."""

    shown = forms.CharField(widget=forms.HiddenInput, max_length=80)
    optional = ("why",)

    class Meta:
        model = TillClose
        fields = ["why"]
        help_texts = {"why": "实点与账上一致的不用填"}

    def prepare(self) -> None:
        self.till = till_of(self.record.community_id, self.collector(), self.record)
        self.fields["shown"].initial = self.till.token
        back = {
            method: f"（已减红冲 {yuan(sum(one.amount for one in self.till.reds if one.receipt.method == method))} 元）"
            for method in {one.receipt.method for one in self.till.reds}
        }
        for method, word, papers, system in self.till.methods():
            field: Any = MoneyField(
                label=f"{word}实点（元）", help_text=f"{papers} 张，账上 {yuan(system)} 元{back.get(method, '')}"
            )
            field.starred, field.when = False, ""
            if method not in CASH_LIKE:
                field.initial = yuan(max(system, 0))
            self.fields[f"counted_{method}"] = field
        self.order_fields([*(name for name in self.fields if name.startswith("counted_")), "why", "shown"])

    def collector(self) -> Any:
        return self.record.collector

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.till.receipts:
            self.add_error(None, "没有等待日结的收款。")
            return cleaned
        if cleaned.get("shown") != self.till.token:
            self.data["shown"] = self.till.token  # the page that comes back shows what stands now
            now = f"{len(self.till.receipts)} 张、{yuan(self.till.total)} 元"
            self.add_error(None, f"您打开这一页之后账上有了变动，现在是 {now}。请再点算一遍。")
            return cleaned
        counted = {method: cleaned.get(f"counted_{method}") for method, *_ in self.till.methods()}
        differs = any(counted[method] not in (None, system) for method, _, _, system in self.till.methods())
        if differs and not (cleaned.get("why") or "").strip():
            self.add_error("why", "实点与账上不一致，请写明原因。")
        if not differs:
            cleaned["why"] = ""
        cleaned["counted"] = counted
        before = TillClose.objects.filter(
            community_id=self.record.community_id, collector=self.collector(),
            state__in=[TillClose.State.DUE, TillClose.State.HANDED], closed_at__isnull=True,
        ).exclude(pk=self.record.pk).first()  # fmt: skip
        if before is not None:
            self.add_error(None, f"上一张日结单 {before.number} 还是“{before.state_word}”，请先把它办完。")
        return cleaned


class CountForForm(CountForm):
    """The collector is not there: the supervisor counts his till before a witness."""

    absence = forms.CharField(label="收款人为什么不在", max_length=100, help_text="例如：病假、已离职")
    witness = forms.CharField(label="见证人", max_length=40, help_text="与您一同点算的人")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        name = (cleaned.get("witness") or "").strip()
        if name and name in (str(self.by), str(self.record.collector)):
            self.add_error("witness", "见证人要另外一个人，不能是您自己，也不能是收款人。")
        return cleaned


class CloseForm(CountForm):
    """Opening: by the collector, counted at once; by 系统 in the evening, to remind him."""

    def prepare(self) -> None:
        if not is_system(self.by):
            self.record.collector = self.by
            super().prepare()
            at = self.at or timezone.now()
            self.record.day = self.till.day or timezone.localdate(at)
            self.record.due_at = desk_closes(self.record.community_id, at)
            return
        here = Post.objects.filter(community_id=self.record.community_id)
        self.fields = {
            "collector": forms.ModelChoiceField(Account.objects.filter(pk__in=here.values("account"))),
            "day": forms.DateField(),
            "due_at": forms.DateTimeField(),
        }

    def collector(self) -> Any:
        return self.by

    def clean(self) -> dict[str, Any]:
        if not is_system(self.by):
            return super().clean()
        cleaned = self.cleaned_data
        for name in ("collector", "day", "due_at"):
            setattr(self.record, name, cleaned.get(name))
        if cleaned.get("due_at") and cleaned["due_at"] < (self.at or timezone.now()):
            self.add_error("due_at", "交款时间不能早于现在。")
        return cleaned


class SendBackForm(StepForm):
    """The 出纳 counts something else: the collector counts anew."""

    words = forms.CharField(label="退回原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = TillClose
        fields: list[str] = []


class ReceiveForm(StepForm):
    """Another person takes the money over; the number of the bank's slip may follow."""

    optional = ("bank_slip",)

    class Meta:
        model = TillClose
        fields = ["bank_slip"]
        help_texts = {"bank_slip": "现金、支票已存入银行的填存单号；还没去的，存完再补登"}


class SlipForm(StepForm):
    class Meta:
        model = TillClose
        fields = ["bank_slip"]


class ReadForm(StepForm):
    optional = ("read_note",)

    class Meta:
        model = TillClose
        fields = ["read_note"]
