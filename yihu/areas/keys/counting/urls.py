"""Addresses of the counts beyond the generic pages of their register.

A hook's address is built like that of a step, so that a telephone's outbox keeps the hooks of one count in order.
"""

from django.urls import path

from yihu.areas.keys.counting import pages

app_name = "counting"

urlpatterns = [
    path("key-counts/overview/", pages.overview, name="overview"),
    path("key-counts/days/", pages.days, name="days"),
    path("key-counts/<str:number>/walk/", pages.walk, name="walk"),
    path("key-counts/<str:number>/walk/do/<int:pk>/", pages.tick, name="tick"),
]
