"""Addresses of the reports."""

from django.urls import path

from yihu.fronts.reports import complaint_views, views
from yihu.fronts.reports.fees import pages as fees

app_name = "reports"

urlpatterns = [
    path("reports/", views.overview, name="overview"),
    path("reports/repairs/", views.repairs, name="repairs"),
    path("reports/repairs/records/", views.repair_records, name="repair_records"),
    path("reports/complaints/", complaint_views.complaints, name="complaints"),
    path("reports/complaints/records/", complaint_views.complaint_records, name="complaint_records"),
    path("reports/damage/", views.facilities, name="damage"),
    path("reports/damage/records/", views.facility_records, name="damage_records"),
    path("reports/fees/", fees.page, name="fee_reports"),
    path("reports/fees/<slug:name>/", fees.page, name="fees"),
    path("reports/fees/<slug:name>/print/", fees.paper, name="fees_print"),
    path("reports/fees/<slug:name>/export/", fees.export, name="fees_export"),
    path("reports/gaps/", views.gaps, name="gaps"),
    path("reports/register/", views.register, name="register"),
    path("reports/register/<slug:name>.pdf", views.register_pdf, name="register_pdf"),
    path("reports/day/<str:number>/<str:figure>/", views.day_records, name="day_records"),
]
