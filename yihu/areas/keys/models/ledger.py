"""钥匙台账 (F52): the locked cabinets with their hooks, and one row for each key or bunch that carries a tag."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from yihu.basics.numerals import half_width
from yihu.basics.text import without_unseen
from yihu.kernel.errors import Refused


def every_kind() -> list[str]:
    """What a cabinet holds until somebody says less."""
    return list(KeySet.Kind.values)


class Cabinet(models.Model):
    """钥匙柜 (KEY-02): locked, in one place, with one keeper. Its hooks are made with it."""

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    name = models.CharField("钥匙柜", max_length=40)
    place = models.CharField("放在哪里", max_length=60)
    keeper = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="保管人"
    )  # fmt: skip
    hook_prefix = models.CharField("挂钩编号开头", max_length=6)
    hook_count = models.PositiveSmallIntegerField("挂钩数", default=20)
    kinds: models.JSONField[Any, Any] = models.JSONField("放哪几类钥匙", default=every_kind)
    position = models.PositiveSmallIntegerField("次序", default=0)
    shown = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "钥匙柜"
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"], name="key_cabinet_once", violation_error_message="已经有同名的钥匙柜。"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """With the hooks that it still lacks."""
        super().save(*args, **kwargs)
        have = self.hooks.count()
        labels = ((at, f"{self.hook_prefix}{at:02d}") for at in range(have + 1, self.hook_count + 1))
        Hook.objects.bulk_create([Hook(cabinet=self, label=label, position=at) for at, label in labels])


class Hook(models.Model):
    """挂钩: one place in a cabinet; at most one key hangs on it."""

    cabinet = models.ForeignKey(Cabinet, models.PROTECT, related_name="hooks", verbose_name="钥匙柜")
    label = models.CharField("挂钩", max_length=12)
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "挂钩"
        constraints = [models.UniqueConstraint(fields=["cabinet", "label"], name="key_hook_once")]

    def __str__(self) -> str:
        return f"{self.cabinet} {self.label}"


class KeySet(models.Model):
    """钥匙 (F52): one key, or one bunch under one tag. Its status is moved by conditional updates only (``ledger.move``)."""

    class Kind(models.TextChoices):
        ENTRUSTED = "entrusted", "业主委托"
        REPAIR = "repair", "维修"
        VACANT = "vacant", "空置房"
        PLANT = "plant", "设备房"
        COMMON = "common", "公共区域"
        MAILBOX = "mailbox", "信报箱"

    class Status(models.TextChoices):
        IN = "in", "在库"
        OUT = "out", "借出"
        RETURNED = "returned", "已还业主"
        LOST = "lost", "遗失"
        DAMAGED = "damaged", "损坏"
        REPLACED = "replaced", "已换锁"

    # no longer the office's to keep: the hook is free again
    GONE = (Status.RETURNED, Status.REPLACED)

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    tag = models.CharField("标签号", max_length=12)
    unit = models.ForeignKey(
        "estate.Unit", models.PROTECT, null=True, blank=True, related_name="keysets", verbose_name="房号"
    )
    place = models.CharField("哪把锁", max_length=60)
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    qty = models.PositiveSmallIntegerField("数量（把）", default=1)
    hook = models.OneToOneField(
        Hook, models.PROTECT, null=True, blank=True, related_name="keyset", verbose_name="挂钩"
    )  # fmt: skip
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.IN, editable=False)
    mandate = models.ForeignKey(
        "keys.Custody", models.PROTECT, null=True, editable=False, related_name="keysets", verbose_name="委托书"
    )
    copied_from = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="copies", verbose_name="由哪把复制"
    )
    added_at = models.DateTimeField("入账时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "钥匙"
        indexes = [
            models.Index(fields=["community", "status", "tag"], name="key_by_status"),
            models.Index(fields=["community", "unit"], name="key_by_unit"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "tag"], name="key_tag_once", violation_error_message="这个标签号已经用了，请换一个。"
            ),
            models.CheckConstraint(condition=Q(qty__gt=0), name="key_has_one_at_least"),
            # what has left the office hangs on no hook
            models.CheckConstraint(
                condition=~Q(status__in=("returned", "replaced")) | Q(hook__isnull=True), name="key_gone_frees_its_hook"
            ),
            # what an owner entrusted has a unit and his mandate
            models.CheckConstraint(
                condition=~Q(kind="entrusted") | Q(unit__isnull=False, mandate__isnull=False), name="key_entrusted_by_mandate"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.tag

    def get_absolute_url(self) -> str:
        return reverse("keys:card", args=[self.pk])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Whatever form or door it came by: on a hook of a cabinet for its kind, or not at all (KEY-02)."""
        if self.hook is not None and (sentence := misplaced(self.kind, self.hook)):
            raise Refused(sentence)
        super().save(*args, **kwargs)

    @property
    def where(self) -> str:
        """Where it belongs, for those who may know it: 房号 and lock."""
        return " ".join(part for part in (str(self.unit or ""), self.place) if part)


def misplaced(kind: str, hook: Hook | None) -> str:
    """Why a key of this kind can't hang on this hook, or ""."""
    if hook is None or kind in hook.cabinet.kinds:
        return ""
    held = "、".join(str(KeySet.Kind(one).label) for one in hook.cabinet.kinds)
    return f"{hook.cabinet}只放{held}钥匙，{KeySet.Kind(kind).label}钥匙请挂别的柜。"


def folded_tag(typed: str) -> str:
    """A tag as it is kept, however it was typed or scanned."""
    return "".join(without_unseen(half_width(typed)).upper().split())


def names_room(tag: str, unit: object) -> bool:
    """Whether somebody who finds the tag could read from it which door it opens (F52: no room number on the tag)."""
    bare = re.sub(r"[^0-9A-Z]", "", tag.upper())
    room = re.sub(r"[^0-9A-Z]", "", str(getattr(unit, "room", "") or "").upper())
    label = re.sub(r"[^0-9A-Z]", "", str(getattr(unit, "label", "") or "").upper())
    return any(len(word) >= 2 and word in bare for word in (room, label))
