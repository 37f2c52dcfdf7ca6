"""Addresses beside the generic pages of the registers."""

from django.urls import path

from yihu.areas.spending.pages import overview
from yihu.areas.spending.pages.budget_lines import BUDGET_LINES

app_name = "spending"

urlpatterns = [
    path("spending/", overview.overview, name="overview"),
    path("spending/lines/<int:pk>/", overview.lines, name="lines"),
    path("spending/income/<int:pk>/", overview.income, name="income"),
    *BUDGET_LINES.urls(),
]
