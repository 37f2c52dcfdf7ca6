"""Registers the app."""

from django.apps import AppConfig


class ArchivesApp(AppConfig):
    name = "yihu.areas.archives"
    label = "archives"
    verbose_name = "档案管理"
