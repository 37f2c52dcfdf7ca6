"""Addresses of the keys beyond the generic pages of their registers."""

from django.urls import path

from yihu.areas.keys.pages import desk, ledger
from yihu.areas.keys.pages.cabinets import CABINETS

app_name = "keys"

urlpatterns = [
    path("keys/", ledger.register, name="ledger"),
    path("keys/new/", ledger.new, name="new"),
    path("keys/tag/", desk.desk, name="desk"),
    path("keys/<int:pk>/", ledger.card, name="card"),
    path("keys/<int:pk>/edit/", ledger.edit, name="edit"),
    path("keys/<int:pk>/lend/", desk.lend, name="lend"),
    path("keys/paper/<slug:name>.pdf", ledger.paper, name="paper"),
    *CABINETS.urls(),
]
