"""Addresses of the interface; each that is no page answers JSON, also where there is nothing."""

from django.urls import path

from yihu.fronts.api import pages
from yihu.fronts.api.views import endpoints

app_name = "api"

urlpatterns = [
    path("api/", pages.manual, name="manual"),
    path("api/integrations/", pages.integrations, name="integrations"),
    path("api/integrations/new/", pages.new, name="new"),
    path("api/integrations/<int:pk>/", pages.edit, name="edit"),
    path("api/integrations/<int:pk>/renew/", pages.renew, name="renew"),
    path("api/integrations/<int:pk>/revoke/", pages.revoke, name="revoke"),
    path("api/v1/openapi.json", endpoints["openapi"], name="openapi"),
    path("api/v1/registers", endpoints["registers"], name="registers"),
    path("api/v1/registers/<str:slug>", endpoints["register"], name="register"),
    path("api/v1/units", endpoints["units"], name="units"),
    path("api/v1/parties", endpoints["parties"], name="parties"),
    path("api/v1/attachments/<int:pk>", endpoints["attachment"], name="attachment"),
    path("api/v1/<str:slug>", endpoints["records"], name="records"),
    path("api/v1/<str:slug>/<str:number>", endpoints["record"], name="record"),
    path("api/v1/<str:slug>/<str:number>/<str:step>", endpoints["step"], name="step"),
    path("api/v1/<str:slug>/<str:number>/reveal/<str:field>", endpoints["reveal"], name="reveal"),
    path("api/v1/<path:rest>", endpoints["nothing"], name="nothing"),
]
