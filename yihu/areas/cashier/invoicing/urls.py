"""Addresses beside the generic pages of the invoices."""

from django.urls import path

from yihu.areas.cashier.invoicing import pages

app_name = "invoicing"

urlpatterns = [
    path("invoicing/waiting/", pages.waiting, name="waiting"),
    *pages.TAX_ITEMS.urls(),
]
