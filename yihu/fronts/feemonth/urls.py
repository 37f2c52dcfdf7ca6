"""Addresses of the fee month."""

from django.urls import path

from yihu.fronts.feemonth import pages

app_name = "feemonth"

urlpatterns = [
    path("fee-month/", pages.month, name="month"),
    path("fee-month/paper/", pages.paper, name="paper"),
]
