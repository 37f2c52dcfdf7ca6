"""The registers of the duties keep the contract: sheets that are summed up and signed, the diary."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import tests.billing.test_registers  # noqa: F401 - those of the fees
from tests.support.register_contract import RegisterContract
from yihu.areas.duties.models import (
    ComplaintSheet,
    DaySheet,
    Diary,
    FeeSheet,
    LongSheet,
    MonthSheet,
    NoonSheet,
    WeekSheet,
)
from yihu.kernel.authority import authority


class TestDaySheets(RegisterContract):
    model = DaySheet

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"day": date(2026, 11, 2).isoformat(), "due_at": "2026-11-02 22:00"}

    def many(self, cast: Any) -> None:
        for day in range(3, 15):
            self.make(cast, day=date(2026, 11, day).isoformat())


class TestWeekSheets(RegisterContract):
    model = WeekSheet

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        monday = date(2026, 1, 5) + timedelta(days=7 * WeekSheet.objects.count())
        return {"monday": monday.isoformat(), "due_at": "2026-11-22 22:00"}


class TestMonthSheets(RegisterContract):
    model = MonthSheet

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        year, month = divmod(MonthSheet.objects.count(), 12)
        return {"period": f"{2026 + year}-{month + 1:02d}", "due_at": "2026-11-21 22:00"}


class TestFeeSheets(RegisterContract):
    model = FeeSheet

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"friday": f"{1900 + FeeSheet.objects.count()}-11-20", "due_at": "2026-11-20 17:30"}


class TestLongSheets(RegisterContract):
    model = LongSheet

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"period": f"{1900 + LongSheet.objects.count()}-Q4", "due_at": "2026-11-28 22:00"}


class TestComplaintSheets(RegisterContract):
    model = ComplaintSheet

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        year, month = divmod(ComplaintSheet.objects.count(), 12)
        return {"period": f"{2026 + year}-{month + 1:02d}", "due_at": "2026-11-25 22:00"}


class TestNoonSheets(RegisterContract):
    model = NoonSheet

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"day": (date(2026, 11, 2) + timedelta(days=NoonSheet.objects.count())).isoformat()}


class TestDiaries(RegisterContract):
    model = Diary

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"day": "2026-11-02", "shift": "day", "tasks": "接待来电，整理登记"}
