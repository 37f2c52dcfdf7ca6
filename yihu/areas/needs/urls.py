"""Addresses of the needs beyond the generic pages of their register."""

from django.urls import path

from yihu.areas.needs import pages

app_name = "needs"

urlpatterns = [path("needs/sign-off/", pages.sign_off, name="sign_off")]
