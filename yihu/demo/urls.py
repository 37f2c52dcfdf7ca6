"""The one address that a demo has for itself."""

from django.urls import path

from yihu.demo import pages

app_name = "demo"

urlpatterns = [path("demo/pay/<str:token>/", pages.pay, name="pay")]
