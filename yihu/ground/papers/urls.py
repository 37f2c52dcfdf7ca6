"""Addresses of a unit's papers."""

from django.urls import path

from yihu.ground.papers import pages

app_name = "papers"

urlpatterns = [
    path("units/<int:pk>/papers/", pages.of_unit, name="unit"),
    path("units/<int:pk>/papers/new/", pages.new, name="new"),
    path("units/<int:pk>/papers/<int:paper_pk>/edit/", pages.edit, name="edit"),
    path("units/<int:pk>/papers/scans/<int:scan_pk>/", pages.scan, name="scan"),
]
