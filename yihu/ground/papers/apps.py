"""Registers the app, takes over the filing of sheets, and says which files are its own."""

from django.apps import AppConfig


class PapersApp(AppConfig):
    name = "yihu.ground.papers"
    label = "papers"
    verbose_name = "户档"

    def ready(self) -> None:
        from yihu.ground.papers.filing import file_record
        from yihu.kernel.files import owned_by
        from yihu.kernel.filing import set_filer

        set_filer(file_record)
        owned_by("papers.Scan")
