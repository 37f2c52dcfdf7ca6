"""Addresses of houses, people and imports. The import's own pages are the kernel's, under ``rolls/``."""

from django.urls import path

from yihu.ground.estate.pages import buildings, parties, pick, summary, unit, units

app_name = "estate"

urlpatterns = [
    path("estate/units/", units.listing, name="units"),
    path("estate/units/export/", units.export, name="export"),
    path("estate/summary/", summary.listing, name="summary"),
    path("estate/summary/print/", summary.paper, name="summary_print"),
    path("estate/occupancy/", units.occupancy, name="occupancy"),
    path("estate/parties/", parties.listing, name="parties"),
    path("estate/parties/new/", parties.new, name="new_party"),
    path("estate/buildings/", buildings.listing, name="buildings"),
    path("estate/buildings/<int:pk>/edit/", buildings.edit, name="edit_building"),
    path("estate/units/<int:pk>/edit/", unit.edit, name="edit_unit"),
    path("estate/units/<int:pk>/people/new/", unit.add_person, name="add_person"),
    path("estate/units/<int:pk>/people/<int:stay_pk>/end/", unit.end_stay, name="end_stay"),
    path("estate/parties/<int:pk>/edit/", unit.edit_party, name="edit_party"),
    path("estate/pick/unit/", pick.unit, name="pick_unit"),
    path("estate/pick/party/", pick.party, name="pick_party"),
]
