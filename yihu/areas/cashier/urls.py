"""Addresses of the till beyond the generic pages of its register."""

from django.urls import path

from yihu.areas.cashier.pages import arrears, bills, desk, receipts, statement, used
from yihu.areas.cashier.pages.items import FEE_ITEMS

app_name = "cashier"

urlpatterns = [
    path("cashier/", desk.desk, name="desk"),
    path("cashier/credit/<int:pk>/", desk.credit, name="credit"),
    path("cashier/receipts/", receipts.listing, name="receipts"),
    path("cashier/receipts/<slug:number>/", receipts.page, name="receipt"),
    path("cashier/receipts/<slug:number>/print/", receipts.paper, name="receipt_print"),
    path("cashier/bills/<int:pk>/", bills.page, name="bill"),
    path("cashier/used/", used.listing, name="used"),
    path("cashier/used/<int:pk>/print/", used.paper, name="used_print"),
    path("cashier/receipts/<slug:number>/withdraw/", used.withdraw, name="withdraw"),
    path("cashier/statement/<int:pk>/", statement.page, name="statement"),
    path("cashier/statement/<int:pk>/print/", statement.paper, name="statement_print"),
    path("cashier/statement/<int:pk>/set-off/", statement.set_off, name="set_off"),
    path("cashier/arrears/", arrears.listing, name="arrears"),
    path("cashier/arrears/print/", arrears.paper, name="arrears_print"),
    *FEE_ITEMS.urls(),
]
