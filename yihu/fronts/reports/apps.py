"""Registers the app, and tells sheets and month lists where their figures come from."""

from django.apps import AppConfig


class ReportsApp(AppConfig):
    name = "yihu.fronts.reports"
    label = "reports"
    verbose_name = "报表"

    def ready(self) -> None:
        from yihu.areas.cashier.applying.archiving import made_by
        from yihu.areas.corrective.repeats import count_by
        from yihu.areas.duties.effects import set_figures
        from yihu.areas.duties.models import (
            ComplaintSheet,
            DaySheet,
            FeeSheet,
            LongSheet,
            MonthSheet,
            NoonSheet,
            WeekSheet,
        )
        from yihu.areas.services.monthly import add_charges
        from yihu.fronts.reports import complaint_month, days, longer, monthly, weeks
        from yihu.fronts.reports.fees import keeping
        from yihu.fronts.reports.fees import weekly as fees
        from yihu.fronts.reports.paid_repairs import paid_repairs

        fronts = (
            (DaySheet, days),
            (NoonSheet, days),
            (WeekSheet, weeks),
            (MonthSheet, monthly),
            (LongSheet, longer),
            (ComplaintSheet, complaint_month),
            (FeeSheet, fees),
        )
        for model, front in fronts:
            set_figures(model, front.figures)
        made_by(keeping.files)
        count_by(complaint_month.repeated)
        add_charges(paid_repairs)
