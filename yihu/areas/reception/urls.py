"""Addresses of the desk beyond the generic pages of its registers."""

from django.urls import path

from yihu.areas.reception import beside

app_name = "reception"

urlpatterns = [
    path("reception/beside/", beside.beside, name="beside"),
]
