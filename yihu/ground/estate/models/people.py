"""People and firms, how they stand to a unit, and what they park there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from yihu.basics.names import search_words
from yihu.basics.numerals import half_width
from yihu.ground.estate.models.keys import PartyKey
from yihu.ground.estate.models.places import Community, Unit, from_roll
from yihu.kernel.personal import PersonalField
from yihu.kernel.unspoken import UnspokenField


class PartyQuerySet(models.QuerySet["Party"]):
    """However people are written, one by one or by the thousand, they are found at once and only under their names."""

    def bulk_create(self, objs: Iterable[Party], *args: Any, **kwargs: Any) -> list[Party]:
        made = super().bulk_create(objs, *args, **kwargs)
        PartyKey.keep(made, fresh=True)
        return made

    def bulk_update(self, objs: Iterable[Party], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        parties, names = list(objs), list(fields)
        changed = super().bulk_update(parties, names, *args, **kwargs)
        if set(PartyKey.SPELT) & set(names):
            PartyKey.keep(parties)
        return changed

    def _raw_delete(self, using: str | None) -> int:
        """Deleting without asking what depends on it (a roll is taken back) takes the keys along."""
        PartyKey.objects.filter(party__in=self)._raw_delete(using)
        return int(super()._raw_delete(using))


class Party(models.Model):
    """当事人: a person or a firm of one community. Owner, lessee and resident are roles, not other tables."""

    class Kind(models.TextChoices):
        PERSON = "person", "个人"
        COMPANY = "company", "单位"

    community = models.ForeignKey(Community, models.PROTECT, related_name="parties", verbose_name="管理项目")
    kind = models.CharField("类型", max_length=10, choices=Kind.choices, default=Kind.PERSON)
    name = UnspokenField("姓名", max_length=80)
    name_initials = models.CharField("拼音", max_length=255, blank=True, editable=False)
    contact_name = UnspokenField("联系人", max_length=40, blank=True)
    phone = PersonalField("联系电话", kind="phone")
    phone2 = PersonalField("备用电话", kind="phone")
    id_no = PersonalField("证件号码", kind="id")
    id_doubtful = models.BooleanField("证件号待核", default=False, editable=False)
    mailing_address = UnspokenField("通讯地址", max_length=120, blank=True)
    remark = UnspokenField("备注", max_length=500, blank=True)
    locked_at = models.DateTimeField("锁定时间", null=True, editable=False)
    as_rolled: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True, editable=False)
    roll = from_roll()

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "客户"
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name", "id_no_index"], name="party_once_per_id", condition=~Q(id_no_index="")
            )
        ]
        indexes = [
            models.Index(fields=["community", "name"], name="party_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def journal_name(self) -> str:
        """What the journal calls him by: never his name, so that an erasure finds nothing there."""
        return f"{self.pk} 号客户"

    def get_absolute_url(self) -> str:
        return reverse("unitfile:party", args=[self.pk])

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_initials = search_words(self.name)[:255]
        fresh, fields = self._state.adding, kwargs.get("update_fields")
        super().save(*args, **kwargs)
        if fields is None or set(PartyKey.SPELT) & set(fields):
            PartyKey.keep([self], fresh=fresh)


class OccupancyQuerySet(models.QuerySet["Occupancy"]):
    def on(self, day: date) -> OccupancyQuerySet:
        """Those that hold on a day; an open end holds on, a future beginning not yet."""
        begun = Q(from_on__isnull=True) | Q(from_on__lte=day)
        return self.filter(begun & (Q(to_on__isnull=True) | Q(to_on__gte=day)))


class Occupancy(models.Model):
    """占用关系: a party on a unit in a role, between dates."""

    class Role(models.TextChoices):
        OWNER = "owner", "业主"
        LESSEE = "lessee", "租户"
        RESIDENT = "resident", "住户"
        AGENT = "agent", "代理人"
        EMERGENCY = "emergency", "紧急联系人"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="occupancies", verbose_name="房屋")
    party = models.ForeignKey(Party, models.PROTECT, related_name="occupancies", verbose_name="客户")
    role = models.CharField("身份", max_length=10, choices=Role.choices)
    place = models.PositiveSmallIntegerField("次序", default=0)
    share = models.DecimalField("份额", max_digits=5, decimal_places=4, null=True, blank=True)
    from_on = models.DateField("自", null=True, blank=True)
    to_on = models.DateField("至", null=True, blank=True)
    roll = from_roll()

    objects = OccupancyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "占用关系"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "party", "role"], name="occupancy_once", condition=Q(to_on__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | (Q(share__gt=0) & Q(share__lte=1)), name="occupancy_share_up_to_one"
            ),
            models.CheckConstraint(
                condition=Q(from_on__isnull=True) | Q(to_on__isnull=True) | Q(from_on__lte=F("to_on")),
                name="occupancy_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_role_display()} {self.party}"

    @property
    def journal_name(self) -> str:
        return f"{self.unit} {self.get_role_display()} {self.party.journal_name}"


class BackwardsField(models.CharField):
    """Another column's text from its end, kept by every write: what ends so is the beginning of an index."""

    def __init__(self, *args: Any, of: str = "", **options: Any) -> None:
        self.of = of
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: Any, add: bool) -> str:
        backwards = backwards_of(getattr(model_instance, self.of))[: self.max_length]
        setattr(model_instance, self.attname, backwards)
        return backwards


def backwards_of(plate: str) -> str:
    """A plate's letters and digits from the last to the first: 京A·12345 → 54321A京."""
    return "".join(character for character in half_width(plate).upper() if character.isalnum())[::-1]


class Vehicle(models.Model):
    """车辆: known by its plate."""

    community = models.ForeignKey(Community, models.PROTECT, related_name="vehicles", verbose_name="管理项目")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="vehicles", verbose_name="房屋")
    party = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="vehicles", verbose_name="客户"
    )
    plate = models.CharField("车牌号", max_length=20)
    ending = BackwardsField(max_length=20, of="plate", editable=False, default="")
    roll = from_roll()

    class Meta:
        verbose_name = verbose_name_plural = "车辆"
        constraints = [models.UniqueConstraint(fields=["community", "plate"], name="vehicle_once")]
        indexes = [models.Index(fields=["ending", "community"], name="vehicle_by_ending")]

    def __str__(self) -> str:
        return self.plate


class ParkingSpace(models.Model):
    """车位: sold, leased or for a while."""

    class Kind(models.TextChoices):
        SOLD = "sold", "产权"
        LEASED = "leased", "租用"
        TEMPORARY = "temporary", "临停"
        SHELTER = "shelter", "人防"

    community = models.ForeignKey(Community, models.PROTECT, related_name="parking_spaces", verbose_name="管理项目")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="parking_spaces", verbose_name="房屋"
    )
    code = models.CharField("车位号", max_length=20)
    kind = models.CharField("类型", max_length=10, choices=Kind.choices, blank=True, default="")
    roll = from_roll()

    class Meta:
        verbose_name = verbose_name_plural = "车位"
        constraints = [models.UniqueConstraint(fields=["community", "code"], name="parking_space_once")]

    def __str__(self) -> str:
        return self.code
