"""Addresses of the customer relations beyond the generic pages of their registers."""

from django.urls import path

from yihu.areas.relations.pages import channels, merits

app_name = "relations"

urlpatterns = [
    path("merits/", merits.list_page, name="merits"),
    path("channels/", channels.list_page, name="channels"),
    path("channels/new/", channels.new_page, name="new_channel"),
    path("channels/<int:pk>/", channels.edit_page, name="edit_channel"),
]
