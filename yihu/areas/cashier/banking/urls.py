"""Addresses of banking beyond the generic pages of its import."""

from django.urls import path

from yihu.areas.cashier.banking.pages import line, matching, month, notices, orders, outgoing
from yihu.areas.cashier.banking.pages.accounts import ACCOUNTS

app_name = "banking"

urlpatterns = [
    path("banking/lines/", matching.lines, name="lines"),
    path("banking/lines/confirm/", matching.confirm, name="confirm"),
    path("banking/lines/<int:pk>/", line.line, name="line"),
    path("banking/lines/<int:pk>/do/", line.act, name="act"),
    path("banking/out/", outgoing.lines, name="out"),
    path("banking/out/confirm/", outgoing.confirm, name="out_confirm"),
    path("banking/out/<int:pk>/", outgoing.line, name="out_line"),
    path("banking/out/<int:pk>/do/", outgoing.act, name="out_act"),
    path("banking/month/", month.month, name="month"),
    path("banking/month/reconciliation.pdf", month.paper, name="month_paper"),
    path("pay/orders/", orders.orders, name="orders"),
    path("pay/orders/do/", orders.act, name="orders_act"),
    path("pay/notices/<slug:channel>/", notices.notice, name="notice"),
    *ACCOUNTS.urls(),
]
