"""Addresses of the complaints beyond the generic pages of their register."""

from django.urls import path

from yihu.areas.complaints import months, pages

app_name = "complaints"

urlpatterns = [
    path("complaints/alike/", pages.alike, name="alike"),
    path("complaints/month/", months.month_page, name="month"),
    path("complaints/month/print/", months.month_print, name="month_print"),
    path("complaints/<str:number>/households/receipts/", pages.joined_receipts, name="joined_receipts"),
    path("complaints/<str:number>/households/<int:pk>/receipt/", pages.joined_receipt, name="joined_receipt"),
]
