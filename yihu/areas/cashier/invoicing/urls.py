"""Addresses beside the generic pages of the invoices."""

from django.urls import path

from yihu.areas.cashier.invoicing import pages, purpose

app_name = "invoicing"

urlpatterns = [
    path("invoicing/waiting/", pages.waiting, name="waiting"),
    path("invoicing/purpose/<slug:number>/", purpose.page, name="purpose"),
    *pages.TAX_ITEMS.urls(),
]
