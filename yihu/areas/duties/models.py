"""值班文书：当班的人签字交出的汇总、每日统计、工作日志。"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from yihu.basics.identity import mask_free_text
from yihu.basics.months import Month
from yihu.basics.worktime import OFFICE_ZONE
from yihu.kernel.models import Record

WEEK = timedelta(days=7)


class Figures(Record):
    """A sheet whose figures a front computes, kept as they were at one moment. ``bounds`` is what it sums up: first
    instant, and the first after it.
    """

    bounds: Any

    snapshot: models.JSONField[Any, Any] = models.JSONField("数据", null=True, editable=False)
    # a second column for the community, so that the database itself keeps a second sheet of one time out
    sheet_of = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sheet_of_id = self.community_id
        super().save(*args, **kwargs)

    @property
    def time_words(self) -> str:
        """Which time the sheet is about, in words."""
        first, after = (timezone.localtime(moment) for moment in self.bounds)
        return f"{first:%Y-%m-%d} 至 {after - timedelta(days=1):%Y-%m-%d}"


class Signed(Figures):
    """A sheet that one signs and another reads."""

    class State(models.TextChoices):
        DUE = "due", "待汇总"
        SIGNED = "signed", "已签"
        READ = "read", "经理已阅"

    due_at = models.DateTimeField("应交时间")
    remarks = models.TextField("重要事项", max_length=1000, blank=True)
    signed_at = models.DateTimeField("签字时间", null=True, editable=False)
    manager_words = models.CharField("经理意见", max_length=300, blank=True)

    class Meta:
        abstract = True


def _day(day: date) -> tuple[datetime, datetime]:
    start = datetime.combine(day, time(0), OFFICE_ZONE)
    return start, start + timedelta(days=1)


class DaySheet(Signed):
    """每日工作汇总表 (F13): the day's matters, frozen when signed (DESK-16)."""

    day = models.DateField("日期")

    class Meta:
        verbose_name = verbose_name_plural = "每日工作汇总表"
        constraints = [models.UniqueConstraint(fields=["sheet_of", "day"], name="day_sheet_once")]

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        return _day(self.day)

    @property
    def time_words(self) -> str:
        return f"{self.day:%Y-%m-%d}"

    def summarise(self) -> str:
        return f"{self.day:%Y-%m-%d} 每日工作汇总"


class WeekSheet(Signed):
    """维保情况周汇总 (F15, REP-09): the repairs from Monday to Sunday."""

    monday = models.DateField("周一")
    remarks = models.TextField("分析与说明", max_length=2000, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "维保情况周汇总"
        constraints = [models.UniqueConstraint(fields=["sheet_of", "monday"], name="week_sheet_once")]

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        start = datetime.combine(self.monday, time(0), OFFICE_ZONE)
        return start, start + WEEK

    def summarise(self) -> str:
        return f"{self.time_words} 维保周汇总"


class MonthSheet(Signed):
    """月度汇总总结 (F14, RPT-01): one business month, from the 21st to the 20th."""

    period = models.CharField("业务月", max_length=7)
    remarks = models.TextField("分析与总结", max_length=4000, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "月度汇总总结"
        constraints = [models.UniqueConstraint(fields=["sheet_of", "period"], name="month_sheet_once")]

    @property
    def month(self) -> Month:
        return Month.known(self.period)

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        return self.month.bounds

    def summarise(self) -> str:
        return f"{self.period} 月度汇总"


class LongSheet(Signed):
    """季度、半年、年度工作总结 (RPT-02, RPT-03): three, six or twelve business months."""

    MONTHS = {"Q": 3, "H": 6}
    WORDS = {"Q": "第{}季度", "H": "{}半年"}

    period = models.CharField("期间", max_length=7)
    remarks = models.TextField("分析与总结", max_length=4000, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "季度、半年、年度总结"
        constraints = [models.UniqueConstraint(fields=["sheet_of", "period"], name="long_sheet_once")]

    @staticmethod
    def periods_ending(year: int, month: int) -> list[str]:
        """What ends with this business month: 2026-Q4, 2026-H2, 2026 with December."""
        found = [f"{year}-Q{month // 3}"] if month % 3 == 0 else []
        found += [f"{year}-H{month // 6}"] if month % 6 == 0 else []
        return [*found, str(year)] if month == 12 else found

    @property
    def month(self) -> Month:
        """The last of its business months."""
        year, _, part = self.period.partition("-")
        return Month(int(year), self._months * int(part[1:]) if part else 12)

    @property
    def _months(self) -> int:
        part = self.period.partition("-")[2]
        return self.MONTHS[part[0]] if part else 12

    @property
    def first_month(self) -> Month:
        return Month(self.month.year, self.month.month - self._months + 1)

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        return self.first_month.bounds[0], self.month.bounds[1]

    @property
    def words(self) -> str:
        """2026年第3季度, 2026年上半年, 2026年度"""
        year, _, part = self.period.partition("-")
        if not part:
            return f"{year}年度"
        number = ("上", "下")[int(part[1:]) - 1] if part[0] == "H" else "一二三四"[int(part[1:]) - 1]
        return f"{year}年{self.WORDS[part[0]].format(number)}"

    def summarise(self) -> str:
        return f"{self.words}总结"


class ComplaintSheet(Signed):
    """投诉情况月汇总表 (F22, CMP-10): the complaints of one business month, for the project manager by the 25th (D31)."""

    class State(models.TextChoices):
        DUE = "due", "待汇总"
        SIGNED = "signed", "待项目经理审签"
        READ = "read", "项目经理已审"

    period = models.CharField("业务月", max_length=7)
    remarks = models.TextField("原因分析", max_length=4000, blank=True)
    measures = models.TextField("改进措施", max_length=4000, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "投诉情况月汇总表"
        constraints = [models.UniqueConstraint(fields=["sheet_of", "period"], name="complaint_sheet_once")]

    @property
    def month(self) -> Month:
        return Month.known(self.period)

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        return self.month.bounds

    def summarise(self) -> str:
        return f"{self.period} 投诉情况月汇总"


class FeeSheet(Signed):
    """收费率周报 (D71, FEE-14): current and old debt as they stood on a Friday, signed by finance, for each manager."""

    class State(models.TextChoices):
        DUE = "due", "待核对签发"
        SIGNED = "signed", "已发给经理"
        READ = "read", "项目经理已阅"

    friday = models.DateField("周五")
    remarks = models.TextField("说明", max_length=2000, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "收费率周报"
        constraints = [models.UniqueConstraint(fields=["sheet_of", "friday"], name="fee_sheet_once")]

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        end = datetime.combine(self.friday, time(0), OFFICE_ZONE) + timedelta(days=1)
        return end - WEEK, end

    def summarise(self) -> str:
        return f"{self.time_words} 收费率周报"


class NoonSheet(Figures):
    """每日统计 (D23): the day's figures as they stood at noon; the program reports them, so they are never late."""

    class State(models.TextChoices):
        REPORTED = "reported", "已报待阅"
        READ = "read", "主管已阅"

    day = models.DateField("日期")

    class Meta:
        verbose_name = verbose_name_plural = "每日统计"
        constraints = [models.UniqueConstraint(fields=["sheet_of", "day"], name="noon_sheet_once")]

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        return _day(self.day)

    @property
    def time_words(self) -> str:
        return f"{self.day:%Y-%m-%d} 上午"

    def summarise(self) -> str:
        return f"{self.day:%Y-%m-%d} 上午统计"


class Diary(Record):
    """客服助理工作日志 (F16): what one person did in a shift, what he found, what he leaves to the next."""

    class State(models.TextChoices):
        WRITTEN = "written", "待阅"
        READ = "read", "主管已阅"

    class Shift(models.TextChoices):
        DAY = "day", "日班"
        EARLY = "early", "早班"
        MIDDLE = "middle", "中班"
        LATE = "late", "晚班"

    day = models.DateField("日期")
    shift = models.CharField("班次", max_length=8, choices=Shift.choices, default=Shift.DAY)
    tasks = models.TextField("当班工作", max_length=4000)
    findings = models.TextField("发现的问题", max_length=1000, blank=True)
    unfinished = models.TextField("未完成事项", max_length=2000, blank=True)
    handover = models.TextField("移交下一班", max_length=1000, blank=True)
    reader_words = models.CharField("主管意见", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "客服助理工作日志"

    def summarise(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.get_shift_display()} 工作日志"

    def search_words(self) -> str:
        return mask_free_text(f"{self.findings} {self.handover}"[:400])
