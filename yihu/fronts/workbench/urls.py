"""Addresses of 今日, the search box and the bell."""

from django.urls import path

from yihu.fronts.workbench import bell, finding, views

app_name = "workbench"

urlpatterns = [
    path("", views.today, name="today"),
    path("today/board/", views.board, name="board"),
    path("today/gaps/", views.gaps, name="gaps"),
    path("today/<slug:name>/", views.group, name="group"),
    path("search/", finding.search, name="search"),
    path("bell/", bell.bell, name="bell"),
    path("messages/", bell.messages, name="messages"),
    path("messages/read/", bell.read_all, name="read_all"),
    path("messages/<int:pk>/open/", bell.open_message, name="open_message"),
]
