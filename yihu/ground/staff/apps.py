"""Registers the app, and with the kernel the one that answers who may do what."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class StaffApp(AppConfig):
    name = "yihu.ground.staff"
    label = "staff"
    verbose_name = "人员与岗位"

    def ready(self) -> None:
        # Models can be imported only now.
        from yihu.ground.staff import checks, seed
        from yihu.ground.staff.authority import StaffAuthority
        from yihu.kernel.authority import set_authority

        set_authority(StaffAuthority())
        user_logged_in.connect(_begin_session, dispatch_uid="staff.begin_session")
        post_migrate.connect(seed.after_migrate, sender=self, dispatch_uid="staff.after_migrate")
        register(checks.matrix, Tags.security)
        register(checks.granted_rows, Tags.database)


def _begin_session(request: Any, **kwargs: Any) -> None:
    from yihu.ground.staff.sessions import begin

    begin(request)
