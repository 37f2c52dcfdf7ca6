"""The narrow parent of every typed register: what lists sort by, what pages show first, what a claim guards."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from yihu.kernel import bars
from yihu.kernel.access import sight_of
from yihu.kernel.procedure import Procedure, procedure_of


class RecordQuerySet(models.QuerySet[Any]):
    """Records as a person may see them."""

    def seen_by(self, person: Any) -> RecordQuerySet:
        """Only what the person may see: his communities, the register's own rule, and never what he is barred from."""
        # a register's rows are all of one kind; said aloud, the indexes of the parent serve them in order
        of_kind = {"kind": self.model._meta.label_lower} if self.model._meta.parents else {}
        return self._within(sight_of(person, self.model), person, **of_kind)

    def few_seen_by(self, person: Any, pks: Collection[int] | models.QuerySet[Any]) -> RecordQuerySet:
        """The same of rows that are named by their keys, or by a question that finds the keys; asks first of which registers
        they are, so that only their rules are asked."""
        kinds = set(Record.objects.filter(pk__in=pks).values_list("kind", flat=True).distinct())
        return self.filter(pk__in=pks)._within(sight_of(person, self.model, kinds), person)

    def _within(self, sight: Q | None, person: Any, **of_kind: str) -> RecordQuerySet:
        return self if sight is None else bars.without(self.filter(sight, **of_kind), person)

    def still_open(self) -> RecordQuerySet:
        return self.filter(closed_at__isnull=True)


class Record(models.Model):
    """登记事项: one matter with a number, a state, a handler and a deadline. Written only through the two doors."""

    class ClosedAs(models.TextChoices):
        ORDINARY = "", "办结"
        MERGED = "merged", "已合并"
        WITHDRAWN = "withdrawn", "已撤回"

    number = models.CharField("编号", max_length=40, unique=True, editable=False)
    kind = models.CharField("类别", max_length=60, editable=False)
    community = models.ForeignKey("estate.Community", models.PROTECT, verbose_name="管理项目", related_name="+")
    unit = models.ForeignKey(
        "estate.Unit", models.PROTECT, null=True, blank=True, verbose_name="房号", related_name="records"
    )
    party = models.ForeignKey(
        "estate.Party", models.PROTECT, null=True, blank=True, verbose_name="客户", related_name="records"
    )
    state = models.CharField("状态", max_length=30, editable=False)
    closed_as = models.CharField(
        "结束方式", max_length=10, choices=ClosedAs.choices, blank=True, default="", editable=False
    )
    summary = models.CharField("摘要", max_length=120, blank=True, editable=False)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name="责任人", related_name="+"
    )
    team = models.CharField("责任部门", max_length=20, blank=True, default="")
    opened_at = models.DateTimeField("登记时间", editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", related_name="+", editable=False
    )
    next_due_at = models.DateTimeField("最近时限", null=True, editable=False)
    closed_at = models.DateTimeField("结束时间", null=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    journal_seq = models.PositiveIntegerField(default=0, editable=False)
    journal_head = models.CharField(max_length=64, blank=True, editable=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "登记事项"
        indexes = [
            models.Index(fields=["community", "kind", "-opened_at", "-id"], name="record_list"),
            models.Index(fields=["community", "kind", "state", "-opened_at", "-id"], name="record_by_state"),
            models.Index(fields=["community", "unit", "-opened_at", "-id"], name="record_by_unit"),
            models.Index(fields=["community", "party", "-opened_at"], name="record_by_party"),
            models.Index(
                fields=["handler", "-opened_at"], name="record_mine", condition=models.Q(closed_at__isnull=True)
            ),
            models.Index(
                fields=["community", "next_due_at"], name="record_due", condition=models.Q(closed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.kind:
            self.kind = self._meta.label_lower
        super().save(*args, **kwargs)

    def validate_constraints(self, exclude: Any = None) -> None:
        """Left to the database, which refuses what breaks one: Django would ask it about all of them at each step, touched
        or not. What people can type wrong, the step's form says in a sentence.
        """

    @property
    def typed(self) -> Any:
        """The same record as its own register's type."""
        if self._meta.label_lower == self.kind:
            return self
        return getattr(self, self.kind.split(".", 1)[1])

    @property
    def procedure(self) -> Procedure:
        return procedure_of(self.kind)

    @property
    def state_word(self) -> str:
        """The state in words; merged and withdrawn records say so."""
        if self.closed_as:
            return self.ClosedAs(self.closed_as).label
        return self.procedure.state_word(self.state)

    def facts(self) -> dict[str, Any]:
        """What a hand-over may prefill in the other register's opening form."""
        return {"unit": self.unit_id, "party": self.party_id, "summary": self.summary}

    def summarise(self) -> str:
        """One line for lists; each register says its own. Never holds personal data."""
        return self.summary

    def search_words(self) -> str:
        """Words by which this record is found, besides number and summary. Never phones or ID numbers."""
        return ""

    def get_absolute_url(self) -> str:
        return reverse("kernel:record", args=[self.procedure.slug, self.number])


def record_seen_by(person: Any, column: str = "record_id") -> models.Exists:
    """A condition for rows that hang on a record: the person may see it. Asked for each row that is left otherwise;
    ``record__in=`` would list everything that he may see, of all years.
    """
    return models.Exists(Record.objects.seen_by(person).filter(pk=models.OuterRef(column)))
