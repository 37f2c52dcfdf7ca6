"""Addresses of the generic pages: ``/<slug>/…`` for every register."""

from __future__ import annotations

from django.urls import path

from yihu.kernel.screens import file_views, views

app_name = "kernel"

urlpatterns = [
    path("files/<int:pk>/", file_views.file, name="file"),
    path("files/<int:pk>/thumb/", file_views.thumb, name="thumb"),
    path("<slug:slug>/", views.list_page, name="list"),
    path("<slug:slug>/new/", views.open_page, name="new"),
    path("<slug:slug>/new/hand-over/", views.hand_over_fields, name="hand_over"),
    path("<slug:slug>/export/", views.export, name="export"),
    path("<slug:slug>/<str:number>/", views.record_page, name="record"),
    path("<slug:slug>/<str:number>/history/", views.history_page, name="history"),
    path("<slug:slug>/<str:number>/do/<slug:step>/", views.step_page, name="step"),
    path("<slug:slug>/<str:number>/print/<slug:name>/", views.print_page, name="print"),
    path("<slug:slug>/<str:number>/reveal/<slug:field>/", views.reveal, name="reveal"),
]
