"""Addresses of the counter beyond the generic pages of its registers."""

from django.urls import path

from yihu.areas.counter.pages import board
from yihu.areas.counter.pages.lists import REGISTERS

app_name = "counter"

urlpatterns = [
    path("counter/board/", board.board, name="board"),
    path("counter/board/<slug:name>.pdf", board.paper, name="paper"),
    path("counter/numbers/<int:pk>/approve/", board.approve, name="approve"),
    *(page for register in REGISTERS for page in register.urls()),
]
