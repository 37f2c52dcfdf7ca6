"""Addresses beside the generic pages of the registers."""

from django.urls import path

from yihu.areas.spending.pages import fund, overview
from yihu.areas.spending.pages.budget_lines import BUDGET_LINES

app_name = "spending"

urlpatterns = [
    path("spending/", overview.overview, name="overview"),
    path("spending/lines/<int:pk>/", overview.lines, name="lines"),
    path("spending/income/<int:pk>/", overview.income, name="income"),
    path("spending/fund/", fund.page, name="fund"),
    path("spending/fund/print/", fund.paper, name="fund_print"),
    path("spending/fund/<int:pk>/", fund.unit, name="fund_unit"),
    *BUDGET_LINES.urls(),
]
