"""Registers the app, and tells day sheets and month lists where their figures come from."""

from django.apps import AppConfig


class ReportsApp(AppConfig):
    name = "yihu.fronts.reports"
    label = "reports"
    verbose_name = "报表"

    def ready(self) -> None:
        from yihu.areas.duties.effects import set_figures
        from yihu.areas.services.monthly import add_charges
        from yihu.fronts.reports.days import figures
        from yihu.fronts.reports.paid_repairs import paid_repairs

        set_figures(figures)
        add_charges(paid_repairs)
