"""Addresses of the desk beyond the generic pages of its registers."""

from django.urls import path

from yihu.areas.reception import beside
from yihu.areas.reception.pages import guides, knowledge

app_name = "reception"

urlpatterns = [
    path("reception/beside/", beside.beside, name="beside"),
    path("reception/same/", beside.same_jobs, name="same_jobs"),
    path("knowledge/", knowledge.list_page, name="knowledge"),
    path("knowledge/new/", knowledge.new_page, name="new_entry"),
    path("knowledge/beside/", knowledge.beside, name="answers"),
    path("knowledge/<int:pk>/", knowledge.entry_page, name="entry"),
    path("knowledge/<int:pk>/edit/", knowledge.edit_page, name="edit_entry"),
    path("guides/", guides.list_page, name="guides"),
    path("guides/new/", guides.new_page, name="new_guide"),
    path("guides/<int:pk>/", guides.edit_page, name="edit_guide"),
    path("guides/<int:pk>/remove/", guides.remove, name="remove_guide"),
]
