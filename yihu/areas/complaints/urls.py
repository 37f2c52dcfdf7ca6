"""Addresses of the complaints beyond the generic pages of their register."""

from django.urls import path

from yihu.areas.complaints import pages

app_name = "complaints"

urlpatterns = [path("complaints/alike/", pages.alike, name="alike")]
