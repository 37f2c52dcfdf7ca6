"""Addresses beside the generic pages of the registers."""

from django.urls import path

from yihu.areas.spending.pages import fund, overview, sums
from yihu.areas.spending.pages.budget_lines import BUDGET_LINES

app_name = "spending"

urlpatterns = [
    path("spending/", overview.overview, name="overview"),
    path("spending/lines/<int:pk>/", overview.lines, name="lines"),
    path("spending/sums/<slug:kind>/", sums.of_budget, name="sums"),
    path("spending/stated/<slug:book>/", sums.of_statement, name="stated"),
    path("spending/standing/<slug:book>/", sums.standing, name="standing"),
    path("spending/income/<int:pk>/", overview.income, name="income"),
    path("spending/fees/", overview.fees, name="fees"),
    path("spending/fund/", fund.page, name="fund"),
    path("spending/fund/print/", fund.paper, name="fund_print"),
    path("spending/fund/<int:pk>/", fund.unit, name="fund_unit"),
    *BUDGET_LINES.urls(),
]
