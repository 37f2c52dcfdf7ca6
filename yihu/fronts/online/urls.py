"""Addresses behind a card and a report, and the desk's page of cards."""

from django.urls import path

from yihu.fronts.online.pages import cards, followed, report

app_name = "online"
HERE, MINE = "fix/<str:code>/", "fix/my/<str:token>/"

urlpatterns = [
    path(HERE, report.repair, name="repair"),
    path(f"{HERE}complaint/", report.complain, name="complain"),
    path(MINE, followed.followed, name="followed"),
    path(f"{MINE}urge/", followed.urge, name="urge"),
    path(f"{MINE}opinion/", followed.opinion, name="opinion"),
    path("online/cards/", cards.cards, name="cards"),
    path("online/cards/print/", cards.sheet, name="print"),
    path("online/cards/<int:pk>/revoke/", cards.revoke, name="revoke"),
]
