"""借用、领用、复制，归还，催还 (F51)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.keys import ledger, rules
from yihu.areas.keys.forms.fields import HookChoice, TagForm, last4
from yihu.areas.keys.models import KeyLoan, folded_tag
from yihu.kernel.forms import PersonChoice, StepForm
from yihu.kernel.models import Record
from yihu.kernel.moments import short

B, A = KeyLoan.Borrower, KeyLoan.Act
CAPABILITY = {B.REPAIRER: "keys.repair", B.STAFF: "keys.borrow", B.SALES: "keys.view_flats"}


class JobChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An order under way for which the key may go out."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} {obj.handler} {obj.summary}"[:80]


class LoanForm(TagForm):
    """Who takes which key for what; each kind of borrower has its own rule (KEY-06, KEY-07)."""

    staff = PersonChoice(label="借用员工", capability="keys.borrow")
    escort = PersonChoice(label="陪同人", capability="keys.borrow", help_text="陪同看房、陪同外单位进门的同事")
    job = JobChoice(
        queryset=Record.objects.none(), label="维修单", help_text="维修人员凭派给他的维修单借；只有一张时不用选"
    )
    optional = (
        "staff", "borrower", "company", "phone", "id_last4", "job", "reason", "escort", "consent_from", "consent_at", "due_at",
    )  # fmt: skip
    starred = ("staff", "borrower", "reason", "id_last4", "company")
    only_when = {
        "staff": "borrower_kind=repairer staff sales",
        "job": "borrower_kind=repairer",
        "borrower": "borrower_kind=owner contractor",
        "company": "borrower_kind=contractor",
        "phone": "borrower_kind=owner contractor",
        "id_last4": "borrower_kind=owner contractor",
        "escort": "borrower_kind=sales contractor",
    }
    sections = (
        (
            "",
            (
                "tag",
                "act",
                "borrower_kind",
                "staff",
                "job",
                "borrower",
                "company",
                "id_last4",
                "phone",
                "reason",
                "due_at",
            ),
        ),
        ("业主同意、陪同", ("consent_from", "consent_at", "escort")),
    )

    class Meta:
        model = KeyLoan
        fields = [
            "act", "borrower_kind", "staff", "borrower", "company", "phone", "id_last4", "job", "reason", "escort", "consent_from",
            "consent_at", "due_at",
        ]  # fmt: skip
        widgets = {"act": forms.RadioSelect, "borrower_kind": forms.RadioSelect}
        help_texts = {
            "due_at": "不填就是当日归还的时刻；借用不能过夜，领用可以约定别的日子",
            "consent_from": "维修人员、业主本人、营销代表以外的，先打电话征得业主同意",
            "id_last4": "看过证件后填最后四位",
        }

    def prepare(self) -> None:
        key = self.found_key()
        if key is not None:
            self.fields["job"].queryset = rules.running_jobs(key, self.by)

    def clean_id_last4(self) -> str:
        typed = self.cleaned_data["id_last4"]
        return last4(typed) if typed else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        key, act, kind = self.record.key, cleaned["act"], cleaned["borrower_kind"]
        sentence = rules.why_not(act, kind, key)
        if sentence:
            self.add_error("borrower_kind", sentence)
            return cleaned
        if kind in CAPABILITY:
            self._clean_staff(cleaned, kind)
        else:
            self._clean_outsider(cleaned, kind)
        if kind == B.REPAIRER and act == A.BORROW:
            self._clean_job(cleaned)
        elif not cleaned.get("reason"):
            self.add_error("reason", "请写明事由。")
        self._clean_consent(cleaned)
        self._clean_due(cleaned)
        return cleaned

    def _clean_staff(self, cleaned: dict[str, Any], kind: str) -> None:
        staff = cleaned.get("staff")
        cleaned |= {"company": "", "phone": "", "id_last4": ""}
        if staff is None:
            self.add_error("staff", "请选借用的员工。")
            return
        from_posts = PersonChoice(capability=CAPABILITY[B(kind)])
        from_posts.bind_to(self.record, self.by)
        if not from_posts.queryset.filter(pk=staff.pk).exists():
            word = "营销代表" if kind == B.SALES else "维修人员"
            self.add_error("staff", f"{staff}不是{word}，请改选借用人类别。")
        cleaned["borrower"] = str(staff)

    def _clean_outsider(self, cleaned: dict[str, Any], kind: str) -> None:
        cleaned |= {"staff": None, "job": None}
        name = cleaned.get("borrower")
        if not name:
            self.add_error("borrower", "请写明借用人。")
        if not cleaned.get("id_last4"):
            self.add_error("id_last4", "请核对证件，填最后四位。")
        if kind == B.CONTRACTOR and not cleaned.get("company"):
            self.add_error("company", "请写明外单位名称。")
        if kind == B.OWNER and name:
            self._clean_owner(cleaned, name)

    def _clean_owner(self, cleaned: dict[str, Any], name: str) -> None:
        key = self.record.key
        party = next((one for one in rules.owners(key.unit, self.at or timezone.now()) if one.name == name), None)
        if party is None:
            self.add_error("borrower", f"{name}不是这户现在的业主。别人来借，请选“外单位”并征得业主同意。")
        elif cleaned.get("id_last4") and not rules.knows(party, cleaned["id_last4"]):
            self.add_error("id_last4", "与户内登记的证件后四位不符，请核对证件。")

    def _clean_job(self, cleaned: dict[str, Any]) -> None:
        staff, job = cleaned.get("staff"), cleaned.get("job")
        if staff is None:
            return
        his = [one for one in rules.running_jobs(self.record.key, self.by) if one.handler_id == staff.pk]
        if job is None and len(his) == 1:
            job = cleaned["job"] = self.record.job = his[0]
        if job is None:
            where = self.record.key.unit or "本项目"
            self.add_error(
                "job",
                "请选是哪一张维修单。" if his else f"{where}没有正在办理、派给{staff}的维修单，不能借。请先派工。",
            )
        elif job.handler_id != staff.pk:
            self.add_error("job", f"{job.number} 是派给{job.handler}的，不是{staff}的。")
        else:
            cleaned["reason"] = cleaned.get("reason") or f"{job.number}"

    def _clean_consent(self, cleaned: dict[str, Any]) -> None:
        now = self.at or timezone.now()
        if not rules.needs_consent(cleaned["act"], cleaned["borrower_kind"], self.record.key, now):
            return
        if not cleaned.get("consent_from"):
            self.add_error("consent_from", "请先征得业主同意，写明是哪位业主同意的。")
        if not cleaned.get("consent_at"):
            self.add_error("consent_at", "请写明什么时候打电话征得同意的。")
        elif cleaned["consent_at"] > now:
            self.add_error("consent_at", "征得同意的时间不能晚于现在。")

    def _clean_due(self, cleaned: dict[str, Any]) -> None:
        now = self.at or timezone.now()
        last = rules.due_today(self.record.community_id, now)
        due = cleaned.get("due_at")
        if due is None:
            cleaned["due_at"] = self.record.due_at = last
        elif due <= now:
            self.add_error("due_at", "应还时间要晚于现在。")
        elif cleaned["act"] != A.DRAW and due > last:
            self.add_error("due_at", f"借用、复制最晚 {short(last)} 归还；要留更久，请办领用。")


class RefuseForm(StepForm):
    class Meta:
        model = KeyLoan
        fields = ["refusal"]


class ChaseForm(StepForm):
    """A call to whoever has the key past its time (D41)."""

    said = forms.CharField(label="对方怎么说", max_length=200)

    class Meta:
        model = KeyLoan
        fields: list[str] = []


class GiveBackForm(StepForm):
    """What comes back, in what state, brought by whom; of a copy also the new key (F51)."""

    damage = forms.CharField(label="损坏情况", max_length=200)
    new_tag = forms.CharField(label="新钥匙的标签号", max_length=12)
    new_hook = HookChoice(label="新钥匙挂钩")
    optional = ("damage", "copies", "new_tag", "new_hook")

    class Meta:
        model = KeyLoan
        fields = ["condition", "returned_by", "copies"]
        widgets = {"condition": forms.RadioSelect}

    def prepare(self) -> None:
        self.initial["returned_by"] = self.record.borrower
        self.initial["condition"] = KeyLoan.Condition.GOOD
        self.fields["damage"].when = "condition=damaged"  # type: ignore[attr-defined]
        if self.record.act != A.COPY:
            for name in ("copies", "new_tag", "new_hook"):
                del self.fields[name]
            return
        here = self.record.community_id
        free = ledger.free_hooks(here, self.record.key.kind)
        self.fields["new_hook"].queryset = free  # type: ignore[attr-defined]
        first = free.first()
        self.fields["new_hook"].initial = first and first.pk
        self.fields["new_tag"].initial = ledger.next_tags(here, 1)[0]
        self.initial["copies"] = 1
        self.fields["copies"].help_text = "没有复制成就填 0"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("condition") == KeyLoan.Condition.DAMAGED and not cleaned.get("damage"):
            self.add_error("damage", "请写明怎么损坏的，会自动开遗失损坏报告。")
        if "copies" in self.fields and cleaned.get("copies") is None:
            self.add_error("copies", "请写明复制了几把；没有复制成填 0。")
        elif cleaned.get("copies"):
            cleaned["new_tag"] = folded_tag(cleaned.get("new_tag") or "")
            sentence = ledger.tag_faults(cleaned["new_tag"], self.record.key.unit, self.record.community_id)
            if sentence:
                self.add_error("new_tag", sentence)
        return cleaned
