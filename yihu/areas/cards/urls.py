"""Addresses of the cards beyond the generic pages of their register."""

from django.urls import path

from yihu.areas.cards import pages

app_name = "cards"

urlpatterns = [
    path("cards/to-stop/", pages.to_stop, name="to_stop"),
    path("cards/stock/", pages.stock, name="stock"),
]
