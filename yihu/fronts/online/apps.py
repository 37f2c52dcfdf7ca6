"""Registers the app, and what it hangs on the records that came over its page."""

from django.apps import AppConfig


class OnlineApp(AppConfig):
    name = "yihu.fronts.online"
    label = "online"
    verbose_name = "网上报修"

    def ready(self) -> None:
        # Models can be imported only now.
        from yihu.fronts.online.beside import panels
        from yihu.fronts.online.cards import PRINT
        from yihu.kernel.screens.guests import on_every_record
        from yihu.kernel.screens.places import place

        on_every_record(panels=panels)
        place(29, "报修卡", "online:cards", PRINT)
