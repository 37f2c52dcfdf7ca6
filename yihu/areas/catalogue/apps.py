"""Registers the app."""

from django.apps import AppConfig


class CatalogueApp(AppConfig):
    name = "yihu.areas.catalogue"
    label = "catalogue"
    verbose_name = "部门档案"

    def ready(self) -> None:
        from yihu.kernel.files import owned_by

        owned_by("catalogue.ItemFile")
