"""Registers the app."""

from django.apps import AppConfig


class EstateApp(AppConfig):
    name = "yihu.ground.estate"
    label = "estate"
    verbose_name = "房产与业主"

    def ready(self) -> None:
        from yihu.ground.estate.locking import shut_to
        from yihu.kernel.personal import guarded_by

        guarded_by(shut_to)
