"""Addresses of the runs beyond the generic pages of their register."""

from django.urls import path

from yihu.areas.billing.running.pages import runs
from yihu.areas.billing.running.pages.consents import CONSENTS

app_name = "running"

urlpatterns = [
    path("running/<str:number>/progress/", runs.progress, name="progress"),
    path("running/<str:number>/findings/", runs.findings, name="findings"),
    path("running/<str:number>/bills/", runs.bills, name="bills"),
    path("running/<str:number>/bills/<int:pk>/", runs.bill, name="bill"),
    *CONSENTS.urls(),
]
