"""Addresses of the parcels beyond the generic pages of their register."""

from django.urls import path

from yihu.areas.parcels.pages import giving, taking

app_name = "parcels"

urlpatterns = [
    path("parcels/pickup/", giving.pickup, name="pickup"),
    path("parcels/pickup/hand/", giving.hand, name="hand"),
    path("parcels/shelves/", giving.shelves, name="shelves"),
    path("parcels/label/", taking.label, name="label"),
    path("parcels/people/", taking.people, name="people"),
    path("parcels/recent/", taking.recent, name="recent"),
]
