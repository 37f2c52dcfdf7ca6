"""Registers the app, and what it hangs on every record's page."""

from django.apps import AppConfig


class SendingApp(AppConfig):
    name = "yihu.ground.sending"
    label = "sending"
    verbose_name = "消息"

    def ready(self) -> None:
        from yihu.ground.sending.beside import message_links, message_panels
        from yihu.ground.sending.outbox import SEE
        from yihu.kernel.screens.guests import on_every_record
        from yihu.kernel.screens.places import place
        from yihu.kernel.settings_pages.index import offer

        on_every_record(links=message_links, panels=message_panels)
        place(48, "发件箱", "sending:outbox", SEE, icon="send")
        offer("kernel.parameters", "sending:settings", "消息设置", "哪些事自动告诉客户、走哪条路，免打扰时间，每天几条")
