"""Addresses of the department's archive beyond the generic pages of its registers."""

from django.urls import path

from yihu.areas.catalogue.pages import contracts, items, lists, titles, tree

app_name = "catalogue"

urlpatterns = [
    path("catalogue/", tree.page, name="tree"),
    path("catalogue/load/", tree.load, name="load"),
    path("catalogue/paper/<slug:name>.pdf", tree.paper, name="paper"),
    path("catalogue/parts/new/", items.new_part, name="new_part"),
    path("catalogue/sections/<int:pk>/", items.edit_section, name="edit_section"),
    path("catalogue/sections/<int:parent_pk>/new/", items.new_section, name="new_section"),
    path("catalogue/sections/<int:section_pk>/item/", items.new, name="new_item"),
    path("catalogue/items/<int:pk>/", items.show, name="item"),
    path("catalogue/items/<int:pk>/edit/", items.edit, name="edit_item"),
    path("catalogue/items/<int:pk>/hold/", items.hold, name="hold"),
    path("catalogue/files/<int:pk>/", items.file, name="file"),
    path("catalogue/expired/", items.expired, name="expired"),
    path("catalogue/boxes/<int:pk>/contents.pdf", lists.box, name="box"),
    path("catalogue/contracts/", contracts.page, name="contracts"),
    path("catalogue/titles/", titles.page, name="titles"),
    path("catalogue/titles/<int:pk>/", titles.edit, name="edit_title"),
    path("catalogue/titles/building-<int:pk>.pdf", titles.paper, name="building_titles"),
    path("settings/contracts/", contracts.days, name="expiry_days"),
    *(page for register in lists.REGISTERS for page in register.urls()),
]
