"""Registers the app, and tells the day sheets where their figures come from."""

from django.apps import AppConfig


class ReportsApp(AppConfig):
    name = "yihu.fronts.reports"
    label = "reports"
    verbose_name = "报表"

    def ready(self) -> None:
        from yihu.areas.duties.effects import set_figures
        from yihu.fronts.reports.days import figures

        set_figures(figures)
