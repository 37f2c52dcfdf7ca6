"""Addresses of the repairs beyond the generic pages of their register."""

from django.urls import path

from yihu.areas.repairs.pages import board, day, lists, papers, settings, similar

app_name = "repairs"

urlpatterns = [
    path("dispatch/", board.page, name="board"),
    path("dispatch/assign/", board.assign, name="board_assign"),
    path("dispatch/day/", day.page, name="day"),
    path("dispatch/day/grab/", day.grab, name="grab"),
    path("dispatch/log/", papers.log, name="log"),
    path("dispatch/log/print/", papers.log_print, name="log_print"),
    path("dispatch/deferred/", papers.deferred, name="deferred"),
    path("dispatch/deferred/print/", papers.deferred_print, name="deferred_print"),
    path("dispatch/deferred/export/", papers.deferred_export, name="deferred_export"),
    path("dispatch/similar/", similar.similar, name="similar"),
    path("dispatch/skills/", lists.skills, name="skills"),
    path("dispatch/skills/<int:pk>/", lists.edit_skills, name="edit_skills"),
    path("dispatch/faults/", lists.faults, name="faults"),
    path("dispatch/faults/new/", lists.new_fault, name="new_fault"),
    path("dispatch/faults/pick/", lists.pick_fault, name="pick_fault"),
    path("dispatch/faults/<int:pk>/", lists.edit_fault, name="edit_fault"),
    path("dispatch/firms/", lists.firms, name="firms"),
    path("dispatch/firms/new/", lists.new_firm, name="new_firm"),
    path("dispatch/firms/<int:pk>/", lists.edit_firm, name="edit_firm"),
    path("dispatch/firms/<int:pk>/phone/", lists.reveal_firm, name="reveal_firm"),
    path("dispatch/mode/", settings.mode, name="mode"),
]
