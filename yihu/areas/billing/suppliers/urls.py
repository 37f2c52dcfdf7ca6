"""Addresses beside the generic pages of the register."""

from django.urls import path

from yihu.areas.billing.suppliers.pages import ledger
from yihu.areas.billing.suppliers.pages.suppliers import SUPPLIERS

app_name = "suppliers"

urlpatterns = [
    path("suppliers/ledger/", ledger.page, name="ledger"),
    path("suppliers/ledger/print/", ledger.paper, name="ledger_print"),
    *SUPPLIERS.urls(),
]
