"""The program's own addresses, and the floors beside them behind the same middleware."""

from django.urls import include, path

from tests.bench import floors

handler404 = "yihu.config.errors.not_found"
handler500 = "yihu.config.errors.server_error"

urlpatterns = [
    path("bench/page/<int:pk>/<int:size>/", floors.page, name="bench_page"),
    path("bench/contact/", floors.log_contact, name="bench_contact"),
    path("", include("yihu.config.urls")),
]
