"""Addresses of the prices beyond the generic pages of the agreements."""

from django.urls import path

from yihu.areas.billing.tariffs.pages import board, dated, prices, start

app_name = "tariffs"

urlpatterns = [
    path("tariffs/", prices.listing, name="prices"),
    path("tariffs/new/", prices.new, name="new"),
    path("tariffs/start/", start.start, name="start"),
    path("tariffs/item/<int:pk>/", prices.item, name="item"),
    path("tariffs/<int:pk>/end/", prices.end, name="end"),
    path("tariffs/board/", board.page, name="board"),
    path("tariffs/board/head/", board.head, name="board_head"),
    path("tariffs/board/print/<slug:name>/", board.paper, name="board_paper"),
    path("tariffs/holdings/", dated.holdings, name="holdings"),
    path("tariffs/holdings/new/", dated.new_holding, name="new_holding"),
    path("tariffs/holdings/<int:pk>/", dated.edit_holding, name="edit_holding"),
    path("tariffs/developers/", dated.developers, name="developers"),
    path("tariffs/developers/new/", dated.new_developer, name="new_developer"),
    path("tariffs/developers/<int:pk>/", dated.edit_developer, name="edit_developer"),
]
