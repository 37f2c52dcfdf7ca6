"""Addresses behind the code on a paper that asks for money."""

from django.urls import path

from yihu.fronts.payer.pages import asking, bill, paying

app_name = "payer"
HERE = "pay/notice/<str:token>/"

urlpatterns = [
    path(HERE, bill.bill, name="bill"),
    path(f"{HERE}pay/", paying.pay, name="pay"),
    path(f"{HERE}order/<slug:number>/", bill.order, name="order"),
    path(f"{HERE}receipt/<slug:number>/", bill.receipt, name="receipt"),
    path(f"{HERE}invoice/", asking.invoice, name="invoice"),
    path(f"{HERE}question/", asking.question, name="question"),
]
