"""Addresses of the archives beyond the generic pages of their registers."""

from django.urls import path

from yihu.areas.archives.lists import REGISTERS
from yihu.areas.archives.pages import files, locked, looks, reading

app_name = "archives"

urlpatterns = [
    path("archives/files/", files.files, name="files"),
    path("archives/files/missing.pdf", files.missing, name="missing"),
    path("archives/files/labels.pdf", files.labels, name="labels"),
    path("archives/units/<int:pk>/", files.unit, name="unit"),
    path("archives/units/<int:pk>/catalogue.pdf", files.sheet, name="sheet"),
    path("archives/units/<int:pk>/label.pdf", files.label, name="label"),
    path("archives/readings/<str:number>/scans/<int:pk>/", reading.scan, name="reading_scan"),
    path("archives/locked/<str:number>/", locked.locked, name="locked"),
    path("archives/looks/", looks.looks, name="looks"),
    path("archives/looks/export/", looks.export_looks, name="export_looks"),
    *(page for register in REGISTERS for page in register.urls()),
]
