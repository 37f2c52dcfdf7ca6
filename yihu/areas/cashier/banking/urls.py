"""Addresses of banking beyond the generic pages of its import."""

from yihu.areas.cashier.banking.pages.accounts import ACCOUNTS

app_name = "banking"

urlpatterns = [*ACCOUNTS.urls()]
