"""公摊账: which pool and month; its figures, with the parts reckoned before anything is kept; where it was posted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.billing.sharing import shares
from yihu.areas.billing.sharing.models import PoolMonth, SharePool
from yihu.areas.billing.sharing.models.pools import pools_in_force
from yihu.areas.billing.sharing.models.terms import why_no_shares
from yihu.areas.billing.sharing.reckon import CannotShare
from yihu.basics.money import yuan
from yihu.basics.months import Month
from yihu.kernel.authority import is_system
from yihu.kernel.forms import FilesField, StepForm, is_row_number
from yihu.kernel.models import Attachment
from yihu.kernel.money_forms import MoneyField

METERED = ("total", "subs", "other", "price")
INVOICED = ("invoice_fen", "invoice_no", "less_fen", "why_less")
POSTED_DAYS = 15
# what stands in a correction's form already
CARRIED = (
    "total", "subs", "other", "difference", "why_different", "price", "invoice_fen", "invoice_no", "less_fen", "why_less",
)  # fmt: skip


class PoolChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the agreed pools. What cannot be the number of a row never gets as far as the database."""

    def to_python(self, value: Any) -> Any:
        if value and not isinstance(value, SharePool) and not is_row_number(str(value)):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


class MonthForm(StepForm):
    """Which pool, which month. 系统 opens it itself from the 20th on; this is for what it missed."""

    class Meta:
        model = PoolMonth
        fields = ["pool", "month", "why_corrected"]
        help_texts = {"month": "填这个月里的任何一天"}

    pool = PoolChoice(SharePool.objects.none(), label="公摊方案")
    due_at = forms.DateTimeField(required=False)
    corrects = PoolChoice(PoolMonth.objects.none(), label="更正", widget=forms.HiddenInput)
    optional = ("due_at", "corrects", "why_corrected")

    def prepare(self) -> None:
        self._of_a_correction()
        today = timezone.localdate(self.at or timezone.now())
        rows = SharePool.objects.filter(community_id=self.record.community_id, state__in=("in_force", "ended"))
        self.fields["pool"].queryset = rows.order_by("name", "pk")  # type: ignore[attr-defined]
        self.initial["month"] = self.initial.get("month") or today.replace(day=1)
        if not is_system(self.by):
            del self.fields["due_at"]

    def _of_a_correction(self) -> None:
        """Opened from a published sheet: its pool and month are known, only the reason is asked."""
        given = str((self.data or self.initial).get(self.add_prefix("corrects") if self.data else "corrects") or "")
        rows = PoolMonth.objects.filter(community_id=self.record.community_id, state=PoolMonth.State.PUBLISHED)
        self.fields["corrects"].queryset = rows  # type: ignore[attr-defined]
        self.was = rows.filter(pk=given).select_related("pool").first() if is_row_number(given) else None
        if self.was is None:
            for name in ("corrects", "why_corrected"):
                del self.fields[name]
            return
        for name in ("pool", "month"):
            self.fields[name].disabled = True
            self.fields[name].widget = forms.HiddenInput()
        self.initial |= {"pool": self.was.pool_id, "month": self.was.month}
        self.fields["why_corrected"].required = True
        self.fields["why_corrected"].help_text = "写明原来错在哪里，会印在更正公示表上，例如：供应方补来账单"

    def clean_month(self) -> date:
        day: date = self.cleaned_data["month"]
        return day.replace(day=1)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        pool, month = cleaned.get("pool"), cleaned.get("month")
        self.record.due_at = cleaned.get("due_at")
        if pool is None or month is None:
            return cleaned
        if sentence := why_no_shares(self.record.community_id, month):
            self.add_error(None, sentence)
        if not pools_in_force(self.record.community_id, month).filter(pk=pool.pk).exists():
            self.add_error("month", f"{pool.name} 在 {month:%Y年%m月} 没有生效。")
        if self.was is not None:
            self._check_correction()
            return cleaned
        same = PoolMonth.objects.filter(pool=pool, month=month, live=True).first()
        if same is not None:
            self.add_error("month", f"这个月已经有 {same.number}（{same.state_word}）。")
        return cleaned

    def _check_correction(self) -> None:
        """What is published now is corrected, one correction at a time; the new figures take its place when they hang too."""
        was = self.was
        assert was is not None
        going = was.corrections.exclude(state=PoolMonth.State.VOID).first()
        if going is not None:
            self.add_error(None, f"已经有一份更正在办：{going.number}（{going.state_word}）。")
        record = self.record
        record.corrects, record.live = was, False
        record.from_on, record.to_on = was.from_on, was.to_on
        for name in CARRIED:
            setattr(record, name, getattr(was, name))


class FiguresForm(StepForm):
    """Only what this pool needs is asked; the parts are reckoned here, so that what is missing is said at once."""

    invoice_fen = MoneyField(label="账单金额（元）", most=10**11)
    less_fen = MoneyField(label="其中不属公摊（元）", most=10**11)
    scan = FilesField(label="账单、抄表照片", help_text="供应方账单、发票的扫描件或照片")
    optional = (
        "total", "subs", "other", "difference", "why_different", "invoice_no", "less_fen", "why_less", "scan", "price",
    )  # fmt: skip
    starred = ("total", "subs", "price", "scan", "invoice_no")
    sections = (
        ("用量", ("total", "subs", "other", "price")),
        ("账单", ("invoice_fen", "invoice_no", "scan")),
        ("费用期", ("from_on", "to_on")),
        ("扣除与调整（没有就不填）", ("less_fen", "why_less", "difference", "why_different")),
    )

    class Meta:
        model = PoolMonth
        fields = [
            "total", "subs", "other", "price", "invoice_fen", "invoice_no", "from_on", "to_on", "less_fen", "why_less",
            "difference", "why_different",
        ]  # fmt: skip
        help_texts = {
            "subs": "各户分表和公用分表的用量合计",
            "other": "已经另外计费的，例如基站、商铺临时用电",
            "price": "供应方的单价，不得加价",
            "difference": "线损或上次算错的差额，少摊填负数，要写原因",
        }

    def prepare(self) -> None:
        pool = self.record.pool
        self.metered = pool.origin == SharePool.Origin.METER
        drop = INVOICED if self.metered else (*METERED, "difference", "why_different")
        if not self.metered and pool.measure:
            drop = tuple(name for name in drop if name != "total")
        for name in drop:
            self.fields.pop(name, None)
        for name in ("total", "subs", "other", "difference"):
            if name in self.fields:
                self.fields[name].label = f"{self.fields[name].label}（{pool.measure}）"
        if self.metered:
            for name in ("total", "price"):
                self.fields[name].required = True
            self.fields["scan"].help_text = "总表照片，可以不传"
            self._read_meter(pool)
        self._preset(pool)

    def _read_meter(self, pool: SharePool) -> None:
        """What the readings say stands in the form already; it may be overwritten, and the page says so."""
        told = shares.read_meter(pool, Month.of(self.record.month)) if pool.meter else None
        if told is None:
            return
        for name, figure in (("total", told.total), ("subs", told.subs)):
            if getattr(self.record, name) is None:
                self.initial[name] = f"{figure.normalize():f}"
        self.fields["total"].help_text = told.words

    def _preset(self, pool: SharePool) -> None:
        """The period that is usual, and the price of last time."""
        month = Month.of(self.record.month)
        first, last = month.business if self.metered else (month.first, month.last)
        self.initial["from_on"] = self.record.from_on or first
        self.initial["to_on"] = self.record.to_on or last
        if self.metered and self.record.price is None:
            before = PoolMonth.objects.filter(pool__name=pool.name, community_id=pool.community_id, price__isnull=False)
            known = before.exclude(state=PoolMonth.State.VOID).order_by("-month", "-pk").first()
            self.initial["price"] = f"{known.price.normalize():f}" if known else None
        if self.record.corrects_id is not None:  # the time stays: what was billed for it is compared with
            for name in ("from_on", "to_on"):
                self.fields[name].disabled = True
        for name in ("invoice_fen", "less_fen"):
            kept = getattr(self.record, name)
            self.initial[name] = yuan(kept) if kept else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if sentence := why_no_shares(self.record.community_id, self.record.month):
            self.add_error(None, sentence)
        self._check(cleaned)
        if self.errors:
            return cleaned
        for name in ("total", "subs", "other", "difference", "price"):
            if name in self.fields:
                setattr(self.record, name, cleaned.get(name))
        for name in ("invoice_fen", "less_fen"):
            if name in self.fields:
                setattr(self.record, name, cleaned.get(name) or 0)
        self.record.from_on, self.record.to_on = cleaned["from_on"], cleaned["to_on"]
        try:
            cleaned["reckoned"] = shares.reckon(self.record)
        except CannotShare as found:
            more = f"（还有 {len(found.problems) - 5} 条）" if len(found.problems) > 5 else ""
            self.add_error(None, "还不能分摊：\n" + "\n".join(found.problems[:5]) + more)
        return cleaned

    def _check(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("from_on") and cleaned.get("to_on") and cleaned["to_on"] < cleaned["from_on"]:
            self.add_error("to_on", "费用期的止不能早于起。")
        for name, word in (("total", "总表用量"), ("subs", "分表用量"), ("other", "其它用量"), ("price", "单价")):
            if (cleaned.get(name) or 0) < 0:
                self.add_error(name, f"{word}不能是负数。")
        if cleaned.get("difference") and not cleaned.get("why_different"):
            self.add_error("why_different", "有差额调整的，请写明原因。")
        if cleaned.get("less_fen") and not cleaned.get("why_less"):
            self.add_error("why_less", "有扣除的，请写明扣除的是什么。")
        if not self.metered:
            kept = Attachment.objects.filter(record_id=self.record.pk, purpose=Attachment.Purpose.PAPER).exists()
            if not cleaned.get("scan") and not kept:
                self.add_error("scan", "请传供应方账单或发票的扫描件。")
            if (cleaned.get("less_fen") or 0) > (cleaned.get("invoice_fen") or 0) and "invoice_fen" in cleaned:
                self.add_error("less_fen", f"扣除的比账单 {yuan(cleaned['invoice_fen'])} 元还多。")


class OpinionForm(StepForm):
    class Meta:
        model = PoolMonth
        fields = ["opinion"]
        widgets = {"opinion": forms.Textarea(attrs={"rows": 2})}


class PublishForm(StepForm):
    """Where it hangs, and how long."""

    class Meta:
        model = PoolMonth
        fields = ["posted_where", "posted_from", "posted_to"]

    def prepare(self) -> None:
        today = timezone.localdate(self.at or timezone.now())
        usual = {
            "posted_where": "各单元公告栏",
            "posted_from": today,
            "posted_to": today + timedelta(days=POSTED_DAYS),
        }
        before = PoolMonth.objects.filter(pool__name=self.record.pool.name, community_id=self.record.community_id)
        last = before.exclude(posted_where="").order_by("-posted_from", "-pk").first()
        if last is not None:
            usual["posted_where"] = last.posted_where
        self.initial |= {name: getattr(self.record, name) or value for name, value in usual.items()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("posted_from"), cleaned.get("posted_to")
        if first and last and last < first:
            self.add_error("posted_to", "公示的止不能早于起。")
        if first and first > timezone.localdate(self.at or timezone.now()):
            self.add_error("posted_from", "贴出来以后再登记公示。")
        return cleaned
