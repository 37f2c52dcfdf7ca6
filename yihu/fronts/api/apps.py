"""Registers the app, and with the staff the one that answers what an integration may do."""

from django.apps import AppConfig


class ApiApp(AppConfig):
    name = "yihu.fronts.api"
    label = "api"
    verbose_name = "接口"

    def ready(self) -> None:
        # Models can be imported only now.
        from yihu.fronts.api.scopes import granted
        from yihu.ground.staff.authority import machines_by

        machines_by(granted)
