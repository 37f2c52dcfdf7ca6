"""Addresses of dunning beyond the generic pages of its registers."""

from django.urls import path

from yihu.areas.billing.dunning.pages import figures, papers
from yihu.areas.billing.dunning.pages.lists import LATE_FEES, RATES

app_name = "dunning"

urlpatterns = [
    path("dunning-figures/reasons/", figures.reasons, name="reasons"),
    path("dunning-figures/units/", figures.by_unit, name="by_unit"),
    path("dunning-figures/cases/", figures.cases, name="cases"),
    path("dunning-figures/attempts/", figures.attempts, name="attempts"),
    path("dunning-papers/round/<slug:number>/", papers.round_print, name="round_print"),
    path("dunning-papers/round/<slug:number>/sheet/", papers.round_sheet, name="round_sheet"),
    path("dunning-papers/file/<slug:number>/", papers.file, name="file"),
    *LATE_FEES.urls(),
    *RATES.urls(),
]
