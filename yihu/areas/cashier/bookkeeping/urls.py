"""Addresses beside the generic pages of the register."""

from django.urls import path

from yihu.areas.cashier.bookkeeping import pages

app_name = "bookkeeping"

urlpatterns = [
    path("cashier/slips/<int:pk>/", pages.slip, name="slip"),
    path("cashier/slips/<int:pk>/print/", pages.slip_print, name="slip_print"),
    path("cashier/month-books/<str:number>/slips/", pages.slips_print, name="slips_print"),
    path("cashier/month-books/<str:number>/slips.xlsx", pages.slips_export, name="slips_export"),
]
