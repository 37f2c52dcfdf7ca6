"""Addresses of the settings, and of the generic pages: ``/<slug>/…`` for every register, which come last."""

from __future__ import annotations

from django.urls import path

from yihu.kernel.importing import pages as importing
from yihu.kernel.screens import file_views, saved, views
from yihu.kernel.settings_pages import calendar, clocks, hours, index, jobs, numbers, times

app_name = "kernel"

urlpatterns = [
    path("files/<int:pk>/", file_views.file, name="file"),
    path("files/<int:pk>/thumb/", file_views.thumb, name="thumb"),
    path("issued/<int:pk>/", file_views.issued, name="issued"),
    path("settings/", index.page, name="settings"),
    path("settings/clocks/", clocks.listing, name="settings_clocks"),
    path("settings/clocks/<slug:code>/", clocks.one, name="settings_clock"),
    path("settings/clocks/<slug:code>/<slug:variant>/", clocks.one, name="settings_clock"),
    path("settings/hours/", hours.page, name="settings_hours"),
    path("settings/hours/service/", hours.service, name="settings_service"),
    path("settings/hours/office/", hours.office, name="settings_office"),
    path("settings/times/", times.page, name="settings_times"),
    path("settings/times/<str:name>/", times.one, name="settings_times_of"),
    path("settings/numbers/", numbers.page, name="settings_numbers"),
    path("settings/numbers/<str:name>/", numbers.one, name="settings_number"),
    path("settings/calendar/", calendar.page, name="settings_calendar"),
    path("settings/calendar/<int:year>/", calendar.page, name="settings_calendar_year"),
    path("settings/calendar/<int:year>/enter/", calendar.enter, name="settings_year"),
    path("settings/jobs/", jobs.page, name="settings_jobs"),
    path("settings/jobs/<uuid:task_id>/retry/", jobs.retry, name="settings_job_retry"),
    path("<slug:slug>/<str:number>/progress/", importing.progress, name="import_progress"),
    path("<slug:slug>/<str:number>/problems/", importing.problems, name="import_problems"),
    path("<slug:slug>/", views.list_page, name="list"),
    path("<slug:slug>/new/", views.open_page, name="new"),
    path("<slug:slug>/new/hand-over/", views.hand_over_fields, name="hand_over"),
    path("<slug:slug>/filters/", saved.save, name="save_filter"),
    path("<slug:slug>/filters/<int:pk>/forget/", saved.forget, name="forget_filter"),
    path("<slug:slug>/export/", views.export, name="export"),
    path("<slug:slug>/print/<slug:name>/", views.print_many, name="print_many"),
    path("<slug:slug>/<str:number>/", views.record_page, name="record"),
    path("<slug:slug>/<str:number>/history/", views.history_page, name="history"),
    path("<slug:slug>/<str:number>/do/<slug:step>/", views.step_page, name="step"),
    path("<slug:slug>/<str:number>/print/<slug:name>/", views.print_page, name="print"),
    path("<slug:slug>/<str:number>/reveal/<slug:field>/", views.reveal, name="reveal"),
]
