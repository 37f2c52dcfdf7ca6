"""Addresses beside the generic pages of the registers."""

from django.urls import path

from yihu.areas.billing.notices.pages import papers, walking
from yihu.areas.billing.notices.pages.rounds import ROUNDS

app_name = "notices"

urlpatterns = [
    path("notices/round/", walking.walk, name="round"),
    *ROUNDS.urls(),
    path("notices/all/", papers.listing, name="listing"),
    path("notices/paper/<slug:number>/", papers.page, name="notice"),
    path("notices/paper/<slug:number>/print/", papers.paper, name="paper"),
    path("notices/paper/<slug:number>/door/", walking.door, name="door"),
    path("notices/paper/<slug:number>/renew/", papers.renew, name="renew"),
]
