"""Addresses of households beyond the generic pages of their registers."""

from django.urls import path

from yihu.areas.households.pages import rosters, tidy, titles, unfiled, verify

app_name = "households"

urlpatterns = [
    path("households/before/", titles.before, name="before"),
    path("households/titles/<int:pk>/", titles.history, name="titles"),
    path("households/unfiled/", unfiled.listing, name="unfiled"),
    path("households/rosters/<str:number>/take/", rosters.take, name="take"),
    path("households/tidy/<str:number>/", tidy.findings, name="findings"),
    path("households/findings/<int:pk>/settle/", tidy.settle, name="settle"),
    path("households/findings/<int:pk>/merge/", tidy.merge, name="merge"),
    path("households/verify/", verify.worklist, name="verify"),
]
