"""Addresses of sign-in, one's own password, and the pages about people."""

from django.urls import path

from yihu.ground.staff import views
from yihu.ground.staff.pages import departments, matrix, people

app_name = "staff"

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("lock/", views.lock, name="lock"),
    path("password/", views.password, name="password"),
    path("community/", views.switch, name="switch"),
    path("staff/", people.list_page, name="people"),
    path("staff/new/", people.new_page, name="new"),
    path("staff/matrix/", matrix.overview, name="matrix"),
    path("staff/matrix/<slug:post_code>/", matrix.edit, name="grants"),
    path("staff/departments/", departments.page, name="departments"),
    path("staff/<int:pk>/", people.person_page, name="person"),
    path("staff/<int:pk>/edit/", people.edit_page, name="edit"),
    path("staff/<int:pk>/post/", people.post_page, name="give_post"),
    path("staff/<int:pk>/post/<int:post_pk>/end/", people.end_post_page, name="end_post"),
    path("staff/<int:pk>/deputy/", people.deputy_page, name="deputy"),
    path("staff/<int:pk>/deputy/<int:deputy_pk>/end/", people.end_deputy, name="end_deputy"),
    path("staff/<int:pk>/reset/", people.reset_page, name="reset"),
    path("staff/<int:pk>/deactivate/", people.deactivate_page, name="deactivate"),
    path("staff/<int:pk>/reactivate/", people.reactivate, name="reactivate"),
    path("staff/<int:pk>/unlock/", people.unlock, name="unlock"),
]
