"""Addresses beside the generic pages of the registers."""

from django.urls import path

from yihu.areas.cashier.applying.pages import books, picking, till

app_name = "applying"

urlpatterns = [
    path("cashier/pick/charge/", picking.charge, name="pick_charge"),
    path("cashier/pick/receipt/", picking.receipt, name="pick_receipt"),
    path("cashier/pick/deposit/", picking.deposit, name="pick_deposit"),
    path("cashier/books/", books.books, name="books"),
    path("cashier/closes/<slug:number>/<slug:method>/", till.receipts, name="till_receipts"),
    path("cashier/numbers/", books.numbers, name="numbers"),
]
