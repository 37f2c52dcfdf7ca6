"""Addresses of the meters beyond the generic pages of the round.

A meter's address in the walk is built like that of a step, so that a telephone's outbox keeps the readings of one round in order.
"""

from django.urls import path

from yihu.areas.billing.meters.pages import acting, checking, meters, papers, questions, walking
from yihu.areas.billing.meters.pages.items import METER_ITEMS

app_name = "meters"

urlpatterns = [
    path("reading-rounds/<str:number>/walk/", walking.walk, name="walk"),
    path("reading-rounds/<str:number>/walk/do/<int:pk>/", walking.read, name="read"),
    path("reading-rounds/<str:number>/check/", checking.check, name="check"),
    path("reading-rounds/<str:number>/missing/", checking.lacking, name="missing"),
    path("reading-rounds/<str:number>/sheet/", papers.round_sheet, name="round_sheet"),
    path("reading-imports/<str:number>/questions/", questions.questions, name="questions"),
    path("meters/imports/", questions.imports, name="imports"),
    path("meters/", meters.listing, name="meters"),
    path("meters/new/", acting.new, name="new_meter"),
    path("meters/<int:pk>/", meters.meter, name="meter"),
    path("meters/<int:pk>/edit/", acting.edit, name="edit_meter"),
    path("meters/<int:pk>/swap/", acting.swap, name="swap"),
    path("meters/<int:pk>/move/", acting.move, name="move"),
    path("meters/<int:pk>/record.pdf", papers.meter_record, name="meter_print"),
    path("meters/readings/<int:pk>/correct/", acting.correct, name="correct"),
    *METER_ITEMS.urls(),
]
