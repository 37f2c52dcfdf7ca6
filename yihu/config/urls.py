"""Every app brings its own `urls.py`; the registers' generic addresses of the kernel come last."""

from django.apps import apps
from django.urls import include, path
from django.utils.module_loading import module_has_submodule

from yihu.config import health

handler400 = "yihu.config.errors.bad_request"
handler403 = "yihu.config.errors.forbidden"
handler404 = "yihu.config.errors.not_found"
handler500 = "yihu.config.errors.server_error"


def _of_apps() -> list[str]:
    ours = [app for app in apps.get_app_configs() if app.name.startswith("yihu.") and app.name != "yihu.config"]
    ours.sort(key=lambda app: app.name == "yihu.kernel")
    return [f"{app.name}.urls" for app in ours if module_has_submodule(app.module, "urls")]


urlpatterns = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    *(path("", include(module)) for module in _of_apps()),
]
