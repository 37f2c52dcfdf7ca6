"""部门: how the departments are called in this community."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from yihu.ground.staff import acts
from yihu.ground.staff.forms import DepartmentsForm
from yihu.ground.staff.models import Department, Post, in_force
from yihu.ground.staff.pages.people import SEE
from yihu.ground.staff.pages.shared import journal_of, key_of, refused_page
from yihu.kernel.authority import grants_of
from yihu.kernel.errors import Refused
from yihu.kernel.policy import policy


@require_http_methods(["GET", "POST"])
@policy(may=SEE)
def page(request: HttpRequest) -> HttpResponse:
    community = request.community
    names = dict(Department.objects.filter(community=community).values_list("code", "name"))
    form = DepartmentsForm(request.POST if request.method == "POST" else None, names=names)
    if request.method == "POST" and form.is_valid():
        try:
            acts.name_departments(community, form.cleaned_data, by=request.user, key=key_of(request))
        except Refused as refused:
            return refused_page(request, refused, reverse("staff:departments"))
        messages.success(request, "部门名称已保存。")
        return HttpResponseRedirect(reverse("staff:departments"))
    people: dict[str, list[str]] = {}
    posts = Post.objects.filter(
        in_force(timezone.localdate()), community=community, department__isnull=False, account__is_active=True
    )
    for post in posts.select_related("account", "department").order_by("account__initials", "pk"):
        people.setdefault(post.department.code, []).append(f"{post.account}（{post}）")
    context = {
        "title": "部门",
        "form": form,
        "key": key_of(request),
        "may_manage": grants_of(request.user).may(acts.MANAGE, community.pk),
        "departments": [
            {"field": form[code], "name": form[code].value(), "people": people.get(code, [])} for code in form.fields
        ],
        "journal": journal_of(acts.DEPARTMENTS, community.pk),
    }
    return render(request, "staff/departments.html", context, status=422 if form.errors else 200)
