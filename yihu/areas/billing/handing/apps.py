"""Registers the app, and what it hangs on the pages of signed orders."""

from django.apps import AppConfig


class HandingApp(AppConfig):
    name = "yihu.areas.billing.handing"
    label = "handing"
    verbose_name = "有偿服务进账"

    def ready(self) -> None:
        from yihu.areas.billing.handing import beside
        from yihu.kernel.screens.guests import on_every_record

        on_every_record(panels=beside.panels)
