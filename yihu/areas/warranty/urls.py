"""Addresses of the warranty slips beyond the generic pages."""

from django.urls import path

from yihu.areas.warranty import pages

app_name = "warranty"

urlpatterns = [path("warranty/term/", pages.term, name="term")]
