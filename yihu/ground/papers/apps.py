"""Registers the app and takes over the filing of sheets."""

from django.apps import AppConfig


class PapersApp(AppConfig):
    name = "yihu.ground.papers"
    label = "papers"
    verbose_name = "户档"

    def ready(self) -> None:
        from yihu.ground.papers.filing import file_record
        from yihu.kernel.filing import set_filer

        set_filer(file_record)
