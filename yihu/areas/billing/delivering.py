"""How a paper that asks for money reached its payer: the form that asks it, the columns that keep it, when it counts (F84).

Signed for by somebody there, refused before two witnesses, sent by registered mail or courier with its number, or sent
electronically to one who agreed to it. The proof stays with the paper.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, ClassVar, Final

from django import forms
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from yihu.ground.contact.signing import REFUSAL, SigningForm
from yihu.ground.sending import outbox, wording
from yihu.ground.sending.models import Outgoing
from yihu.ground.sending.outbox import agreed_way
from yihu.kernel import moments
from yihu.kernel.forms import PhotosField
from yihu.kernel.models import Attachment
from yihu.kernel.settings_pages.numbers import Number, declare
from yihu.kernel.unspoken import UnspokenField

POST_DAYS: Final = declare(
    Number("billing.post_days", "邮寄视为送达", "挂号信、快递寄出后几天视为应当到达（查到签收日期的，以签收为准）", 7, "天", 1, 60)
)  # fmt: skip


# a message that came to nothing: the paper has to go another way
LOST: Final = (Outgoing.State.FAILED, Outgoing.State.RETURNED, Outgoing.State.CANCELLED, Outgoing.State.KEPT)


class DeliveredQuerySet(models.QuerySet[Any]):
    """Papers by how far they got."""

    def undelivered(self) -> DeliveredQuerySet:
        return self.filter(delivered_at__isnull=True)


class Delivered(models.Model):
    """签收 of one paper (F84). ``delivered_at`` is when it was handed over, refused, posted or sent."""

    class Way(models.TextChoices):
        HAND = "hand", "当面"
        REGISTERED = "registered", "挂号信"
        COURIER = "courier", "快递"
        ELECTRONIC = "electronic", "电子"

    class Capacity(models.TextChoices):
        SELF = "self", "本人"
        FAMILY = "family", "同住家人"
        STAFF = "staff", "单位员工、收发"
        AGENT = "agent", "受托人"

    way = models.CharField("送达方式", max_length=10, choices=Way.choices, blank=True)
    tracking_no = models.CharField("挂号或快递单号", max_length=40, blank=True)
    delivered_at = models.DateTimeField("送达时间", null=True, editable=False)
    delivered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="送达人", editable=False
    )
    signer = UnspokenField("签收人", max_length=40, blank=True)
    capacity = models.CharField("签收人身份", max_length=10, choices=Capacity.choices, blank=True)
    refusal = models.CharField("拒签原因", max_length=200, blank=True)
    witness_1 = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="见证人一", editable=False
    )
    witness_2 = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="见证人二", editable=False
    )
    arrived_on = models.DateField("查到的签收日期", null=True, blank=True)
    message = models.ForeignKey(
        "sending.Outgoing", models.PROTECT, null=True, related_name="+", verbose_name="电子送达的消息", editable=False
    )
    returned_to_finance_at = models.DateTimeField("交回财务时间", null=True, editable=False)
    proofs = models.ManyToManyField(Attachment, related_name="+", editable=False, verbose_name="送达凭据")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True) | (~Q(way="") & Q(delivered_by__isnull=False)),
                name="%(class)s_delivered_somehow",
            ),
            models.CheckConstraint(
                condition=~Q(way__in=["registered", "courier"]) | ~Q(tracking_no=""),
                name="%(class)s_posted_with_number",
            ),
            models.CheckConstraint(
                condition=Q(refusal="") | Q(witness_1__isnull=False, witness_2__isnull=False),
                name="%(class)s_refusal_was_seen",
            ),
            models.CheckConstraint(
                condition=Q(returned_to_finance_at__isnull=True) | Q(delivered_at__isnull=False),
                name="%(class)s_returned_when_delivered",
            ),
        ]

    @property
    def posted(self) -> bool:
        return self.way in (self.Way.REGISTERED, self.Way.COURIER)

    @property
    def delivery_words(self) -> str:
        """How it was delivered, in a few words; "" if it was not yet."""
        if self.delivered_at is None:
            return ""
        if self.refusal:
            return f"拒签（见证人 {self.witness_1}、{self.witness_2}）"
        if self.posted:
            return f"{self.get_way_display()} {self.tracking_no}"
        if self.way == self.Way.ELECTRONIC:
            return f"电子送达（{self._message_words}）" if self.message is not None else "电子送达"
        return f"{self.signer}（{self.get_capacity_display()}）签收"

    @property
    def delivery_noted(self) -> str:
        """The same for the journal, which names nobody."""
        handed = self.delivered_at and not (self.refusal or self.posted or self.way == self.Way.ELECTRONIC)
        return f"{self.get_capacity_display()}签收" if handed else self.delivery_words

    @property
    def _message_words(self) -> str:
        """短信 138****0000，2026-11-17 10:05 送达."""
        sent = self.message
        assert sent is not None
        told = f"{moments.stamp(sent.reported_at)} " if sent.state == Outgoing.State.DELIVERED else ""
        return f"{f'{sent.get_way_display()} {sent.mask}'.strip()}，{told}{sent.get_state_display()}"

    @property
    def lost(self) -> bool:
        """Sent electronically, and it did not get there."""
        return self.way == self.Way.ELECTRONIC and self.message is not None and self.message.state in LOST

    def served_on(self, day: date, community_id: int) -> date | None:
        """The day from which the payer counts as reached, as far as that is certain by ``day``; None before.

        What was handed over, or refused before witnesses, on that very day; a message when it has entered his device, as
        its provider reports (民法典第137条); a letter when it arrived, or should have arrived at his address
        (诉讼时效规定第8条).
        """
        if self.delivered_at is None:
            return None
        sent = timezone.localtime(self.delivered_at).date()
        if self.way == self.Way.ELECTRONIC:
            reached = self.message is not None and self.message.state == Outgoing.State.DELIVERED
            return timezone.localdate(self.message.reported_at) if reached else None
        if not self.posted:
            return sent
        if self.arrived_on is not None:
            return self.arrived_on
        due = sent + timedelta(days=POST_DAYS.at(community_id, self.delivered_at))
        return due if due <= day else None


Way, Capacity = Delivered.Way, Delivered.Capacity
POSTED = f"way={Way.REGISTERED} {Way.COURIER}"
IN_PERSON = f"way={Way.HAND}"


class DeliveryForm(SigningForm):
    """What the deliverer writes down at the door. Subclasses say to whom the paper goes (``addressee``)."""

    way = forms.ChoiceField(label="送达方式", choices=Way.choices, widget=forms.RadioSelect, initial=Way.HAND)
    signer = forms.CharField(label="签收人", max_length=40)
    capacity = forms.ChoiceField(
        label="签收人身份", choices=Capacity.choices, widget=forms.RadioSelect, initial=Capacity.SELF
    )
    tracking_no = forms.CharField(label="挂号或快递单号", max_length=40)
    scans = PhotosField(label="签收单、邮寄底单照片", help_text="在纸上签收的，拍照代替屏幕签名")
    refusal = forms.CharField(label="拒签原因", max_length=200)
    whose, why, own_work = "收件人", "refusal", False
    addressee: Callable[[], Any]  # the customer to whom the paper goes
    starred = ("signer", "capacity", "signature", "tracking_no")
    optional = ("signer", "capacity", "tracking_no", "scans", "refusal")
    only_when: ClassVar[dict[str, str]] = {
        "tracking_no": POSTED,
        "scans": f"way={Way.HAND} {Way.REGISTERED} {Way.COURIER}",
        **dict.fromkeys(("signer", "capacity", "signature"), IN_PERSON),
    }
    sections = (
        ("", ("way", "signer", "capacity", "signature", "tracking_no", "scans")),
        ("当面拒签时填写", (*REFUSAL[:1], "refusal", *REFUSAL[1:])),
    )

    def signed_otherwise(self, cleaned: dict[str, Any]) -> bool:
        return cleaned.get("way") != Way.HAND or bool(cleaned.get("scans"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        way, refused = cleaned.get("way"), bool(cleaned.get("refused"))
        if way != Way.HAND:
            cleaned |= {"signer": "", "capacity": "", "signature": ""}
            if refused:
                self.add_error("refused", "只有当面送达才有拒签；收件人不在的，请改寄挂号信或快递，不勾选拒签。")
        elif not refused and not cleaned.get("signer"):
            self.add_error("signer", "请写明是谁签收的。")
        elif not refused and not cleaned.get("capacity"):
            self.add_error("capacity", "请选择签收人的身份。")
        if refused:
            cleaned |= {"capacity": "", "signature": ""}
            if self.by is not None and self.by in (cleaned.get("witness_1"), cleaned.get("witness_2")):
                self.add_error("witness_2", "送达人自己不能作见证，请换一名同事。")
        else:
            cleaned |= {"refusal": "", "witness_1": None, "witness_2": None}
        if way in (Way.REGISTERED, Way.COURIER):
            if not cleaned.get("tracking_no"):
                self.add_error("tracking_no", "请填挂号信或快递的单号，作为寄出的凭据。")
        else:
            cleaned["tracking_no"] = ""
        if way == Way.ELECTRONIC and not agreed_way(self.addressee()):
            sentence = f"{self.addressee()}没有同意接收电子通知，请当面送或邮寄；已同意的，先登记在“联系方式与同意”里。"
            self.add_error("way", sentence)
        return cleaned


def write_down(act: Any, paper: Any) -> None:
    """Keep on the paper what the form said, and its proof with the record ``act`` moves. The caller saves the paper."""
    said = act.data
    paper.way, paper.tracking_no = said["way"], said["tracking_no"]
    paper.signer, paper.capacity, paper.refusal = said["signer"], said["capacity"], said["refusal"]
    paper.witness_1, paper.witness_2 = said["witness_1"], said["witness_2"]
    paper.delivered_at, paper.delivered_by = act.at, act.by
    kept = [act.attach(one, Attachment.Purpose.PAPER) for one in said.get("scans") or ()]
    if paper.refusal:
        kept += [act.attach(one) for one in said.get("photos") or ()]
    elif said.get("signature"):
        kept.append(act.attach(said["signature"], Attachment.Purpose.SIGNATURE))
    paper.proofs.add(*kept)


def send(act: Any, paper: Any, party: Any, *, code: str, about: str, unit: Any) -> None:
    """The message of an electronic delivery, in the wording ``code``; ``about`` says what it asks for. It stays with the
    paper as its proof; the caller saves the paper. Sent anew after one was lost, it is another message."""
    values = wording.values_of(community=act.record.community, party=party, unit=unit, record=act.record)
    before = f":{paper.message_id}" if paper.message_id else ""
    paper.message = outbox.write(
        code=code, party=party, way=agreed_way(party), values={**values, "事由": about}, by=act.by, at=act.at,
        key=f"{code}:{paper._meta.label_lower}:{paper.pk}{before}", record=act.record,
    )  # fmt: skip
