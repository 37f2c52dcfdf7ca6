"""Addresses of the household's file and of one person's history."""

from django.urls import path

from yihu.fronts.unitfile import views

app_name = "unitfile"

urlpatterns = [
    path("units/<int:pk>/", views.file, name="file"),
    path("units/<int:pk>/beside/", views.beside, name="beside"),
    path("units/<int:pk>/history/", views.older, name="older"),
    path("units/<int:pk>/remark/", views.remark, name="remark"),
    path("parties/<int:pk>/", views.party, name="party"),
    path("parties/<int:pk>/reveal/<slug:field>/", views.reveal, name="reveal"),
]
