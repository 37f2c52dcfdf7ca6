"""Addresses of the wall."""

from django.urls import path

from yihu.fronts.wall import views

app_name = "wall"

urlpatterns = [
    path("wall/screens/", views.screens, name="screens"),
    path("wall/screens/<int:pk>/close/", views.close, name="close"),
    path("wall/<str:secret>/", views.wall, name="wall"),
]
