"""人员: who works here, with which posts, and who stands in for whom."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yihu.ground.staff import acts
from yihu.ground.staff.forms import DeputyForm, EndPostForm, FindPeopleForm, PersonForm, PostForm
from yihu.ground.staff.models import Account, Deputy, Post, in_force
from yihu.ground.staff.pages.shared import form_page, journal_of, key_of, refused_page
from yihu.ground.staff.throttle import has_wrong_tries
from yihu.kernel import moments
from yihu.kernel.authority import grants_of
from yihu.kernel.errors import Refused
from yihu.kernel.policy import policy

SEE, MANAGE = "staff.see", acts.MANAGE
TABS = (("working", "在岗"), ("none", "没有任职"), ("left", "已停用"))
PAGE = 50


def seen_people(by: Any) -> Any:
    """Those with a post, past or coming, where ``by`` may see the staff, and those who have none anywhere."""
    places = grants_of(by).communities_with(SEE) | grants_of(by).communities_with(MANAGE)
    return Account.objects.people().filter(Q(posts__community__in=places) | Q(posts__isnull=True)).distinct()


def person_or_404(request: HttpRequest, pk: int) -> Account:
    return get_object_or_404(seen_people(request.user), pk=pk)


@require_GET
@policy(may=SEE)
def list_page(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    tab = request.GET.get("tab") if request.GET.get("tab") in dict(TABS) else "working"
    form = FindPeopleForm(request.GET)
    form.is_valid()
    text = form.cleaned_data.get("q", "").lower()
    working = Post.objects.filter(in_force(today))
    people = seen_people(request.user)
    if tab == "left":
        people = people.filter(is_active=False)
    else:
        people = people.filter(is_active=True)
        held = people.filter(pk__in=working.values("account"))
        people = held if tab == "working" else people.exclude(pk__in=working.values("account"))
    if text:
        people = people.filter(Q(name__icontains=text) | Q(username__contains=text) | Q(initials__contains=text))
    people = people.prefetch_related(
        Prefetch("posts", working.select_related("community").order_by("community", "pk"), to_attr="today"),
        Prefetch("stands_in", Deputy.objects.filter(in_force(today)).select_related("absent"), to_attr="deputising"),
    ).order_by("initials", "pk")
    start = int(request.GET["from"]) if request.GET.get("from", "").isdecimal() and len(request.GET["from"]) < 7 else 0
    found = list(people[start : start + PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    context = {
        "title": "人员",
        "screen": {"title": "人员"},
        "filters": form,
        "tabs": [
            {"label": label, "url": f"?{urlencode({'tab': name})}", "current": name == tab} for name, label in TABS
        ],
        "columns": [{"label": label} for label in ("姓名", "用户名", "岗位", "状态")],
        "rows": [_row(person) for person in found],
        "next_url": f"?{urlencode({'tab': tab, 'q': text, 'from': start + PAGE})}" if more else "",
        "total_text": f"本页 {len(found)} 人",
        "empty_text": "没有符合条件的人员。",
        "may_manage": grants_of(request.user).may(MANAGE),
    }
    template = "kernel/_table.html" if request.htmx and not request.htmx.boosted else "staff/people.html"
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
@policy(may=MANAGE)
def new_page(request: HttpRequest) -> HttpResponse:
    """A new colleague; the next page gives the first post."""
    leave = reverse("staff:people")
    if request.method == "GET":
        return form_page(request, PersonForm(), "新同事", leave, "建立账号")
    form = PersonForm(request.POST)
    if not form.is_valid():
        return form_page(request, form, "新同事", leave, "建立账号", status=422)
    account = form.save(commit=False)
    try:
        password = acts.add_person(account, by=request.user, key=key_of(request))
    except Refused as refused:
        return refused_page(request, refused, leave)
    return _show_once(request, account, password, first=True)


@require_GET
@policy(may=SEE)
def person_page(request: HttpRequest, pk: int) -> HttpResponse:
    account = person_or_404(request, pk)
    today = timezone.localdate()
    manages = grants_of(request.user).communities_with(MANAGE)
    over = acts.may_manage(request.user, account)
    oneself = account.pk == request.user.pk
    posts = account.posts.select_related("community", "department").order_by("-from_on", "pk")
    deputies = Deputy.objects.filter(Q(absent=account) | Q(stand_in=account)).select_related("absent", "stand_in")
    context = {
        "title": account.name,
        "account": account,
        "state": _state(account),
        "facts": [
            {"label": "用户名", "text": account.username},
            {"label": "电话", "text": str(account.phone)},
            {"label": "密码", "text": _password_words(account)},
        ],
        "posts": [
            {
                "post": post,
                "when": _days(post.from_on, post.to_on, today),
                "may_end": _open(post, today) and post.community_id in manages and not oneself,
            }
            for post in posts
        ],
        "deputies": [
            {
                "deputy": one,
                "when": _days(one.from_on, one.to_on, today, "代理中"),
                "may_end": over and one.absent_id == account.pk and one.to_on >= today,
            }
            for one in deputies.order_by("-from_on", "pk")
        ],
        "may_manage": over,
        "may_appoint": bool(manages) and not oneself,
        "oneself": oneself,
        "tried": has_wrong_tries(account.username),
        "key": key_of(request),
        "journal": journal_of(acts.ACCOUNT, account.pk, {"name": "姓名", "username": "用户名"}),
    }
    return render(request, "staff/person.html", context)


@require_http_methods(["GET", "POST"])
@policy(may=MANAGE)
def edit_page(request: HttpRequest, pk: int) -> HttpResponse:
    account = person_or_404(request, pk)
    leave = _address(account)
    form = PersonForm(request.POST if request.method == "POST" else None, instance=account)
    if request.method == "GET" or not form.is_valid():
        return form_page(request, form, f"更正 {account.name}", leave, "保存", status=422 if form.errors else 200)
    return _done(request, leave, "已保存。", acts.rename, form.instance, form.changed_data)


@require_http_methods(["GET", "POST"])
@policy(may=MANAGE)
def post_page(request: HttpRequest, pk: int) -> HttpResponse:
    account = person_or_404(request, pk)
    leave = _address(account)
    places = apps.get_model("estate", "Community").objects.filter(
        pk__in=grants_of(request.user).communities_with(MANAGE)
    )
    form = PostForm(request.POST if request.method == "POST" else None, communities=places.order_by("pk"))
    if request.method == "GET" or not form.is_valid():
        return form_page(request, form, f"{account.name} 任职", leave, "任命", status=422 if form.errors else 200)
    given = form.cleaned_data
    begun = given["from_on"] <= timezone.localdate()
    return _done(
        request,
        leave,
        "已任命，马上生效。" if begun else "已任命，到日生效。",
        acts.give_post,
        account,
        given.pop("community"),
        given.pop("code"),
        form=(form, f"{account.name} 任职", "任命"),
        **given,
    )


@require_http_methods(["GET", "POST"])
@policy(may=MANAGE)
def end_post_page(request: HttpRequest, pk: int, post_pk: int) -> HttpResponse:
    account = person_or_404(request, pk)
    places = grants_of(request.user).communities_with(MANAGE)
    post = get_object_or_404(account.posts.select_related("community", "account"), pk=post_pk, community__in=places)
    leave, title = _address(account), f"{account.name} 不再任{post.community}{post}"
    form = EndPostForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return form_page(request, form, title, leave, "结束任职", status=422 if form.errors else 200)
    return _done(
        request, leave, "任职已更改。", acts.end_post, post, form.cleaned_data["to_on"], form=(form, title, "结束任职")
    )


@require_http_methods(["GET", "POST"])
@policy(may=MANAGE)
def deputy_page(request: HttpRequest, pk: int) -> HttpResponse:
    account = person_or_404(request, pk)
    leave, title = _address(account), f"{account.name} 不在时由谁代理"
    people = seen_people(request.user).filter(is_active=True).exclude(pk__in=[account.pk, request.user.pk])
    form = DeputyForm(request.POST if request.method == "POST" else None, people=people.order_by("initials", "pk"))
    if request.method == "GET" or not form.is_valid():
        return form_page(request, form, title, leave, "安排代理", status=422 if form.errors else 200)
    given = form.cleaned_data
    said, stand_in = f"已安排 {given['stand_in']} 代 {account}。", given.pop("stand_in")
    return _done(request, leave, said, acts.appoint_deputy, account, stand_in, form=(form, title, "安排代理"), **given)


@require_POST
@policy(may=MANAGE)
def end_deputy(request: HttpRequest, pk: int, deputy_pk: int) -> HttpResponse:
    account = person_or_404(request, pk)
    deputy = get_object_or_404(Deputy.objects.select_related("absent", "stand_in"), pk=deputy_pk, absent=account)
    return _done(request, _address(account), "代理已结束。", acts.end_deputy, deputy)


@require_http_methods(["GET", "POST"])
@policy(may=MANAGE)
def reset_page(request: HttpRequest, pk: int) -> HttpResponse:
    account = person_or_404(request, pk)
    if request.method == "GET":
        return _sure(
            request,
            account,
            "重置密码",
            "原来的密码马上失效，这位同事在所有设备上退出。新的初始密码只显示一次，请当面告诉本人。",
        )
    try:
        password = acts.reset_password(account, by=request.user, key=key_of(request))
    except Refused as refused:
        return refused_page(request, refused, _address(account))
    return _show_once(request, account, password)


@require_http_methods(["GET", "POST"])
@policy(may=MANAGE)
def deactivate_page(request: HttpRequest, pk: int) -> HttpResponse:
    account = person_or_404(request, pk)
    if request.method == "GET":
        sentence = "停用后不能再登录，任职和代理到今天为止。经办过的记录照旧保留姓名；还在手上的单子请先转给别人。"
        return _sure(request, account, "停用账号", sentence)
    return _done(request, _address(account), f"{account} 的账号已停用。", acts.deactivate, account)


@require_POST
@policy(may=MANAGE)
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    account = person_or_404(request, pk)
    try:
        password = acts.reactivate(account, by=request.user, key=key_of(request))
    except Refused as refused:
        return refused_page(request, refused, _address(account))
    return _show_once(request, account, password)


@require_POST
@policy(may=MANAGE)
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    account = person_or_404(request, pk)
    return _done(request, _address(account), f"{account} 现在可以再试着登录。", acts.unlock, account)


# Parts ---------------------------------------------------------------------------------------------------------------
def _done(
    request: HttpRequest, leave: str, said: str, act: Any, *args: Any, form: Any = None, **kwargs: Any
) -> HttpResponse:
    """Carry out an act of the person at the screen; a refusal stands above the form that was typed."""
    try:
        act(*args, by=request.user, key=key_of(request), **kwargs)
    except Refused as refused:
        if form is None or refused.status in (403, 404):
            return refused_page(request, refused, leave)
        shown, title, submit = form
        shown.add_error(None, refused.sentence)
        return form_page(request, shown, title, leave, submit, status=refused.status)
    messages.success(request, said, extra_tags=request.path)
    return HttpResponseRedirect(leave)


def _sure(request: HttpRequest, account: Account, title: str, sentence: str) -> HttpResponse:
    if not acts.may_manage(request.user, account):
        raise Http404
    context = {
        "title": f"{title}：{account.name}",
        "sentence": sentence,
        "submit_label": title,
        "key": key_of(request),
        "leave_url": _address(account),
    }
    return render(request, "staff/sure.html", context)


def _show_once(request: HttpRequest, account: Account, password: str, *, first: bool = False) -> HttpResponse:
    """The initial password, on this answer only: it is stored nowhere and cannot be asked for again."""
    context = {
        "title": f"{account.name} 的初始密码",
        "account": account,
        "password": password,
        "first": first,
        "leave_url": _address(account),
    }
    response = render(request, "staff/initial_password.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _address(account: Account) -> str:
    return reverse("staff:person", args=[account.pk])


def _row(person: Account) -> dict[str, Any]:
    posts = "、".join(f"{post.community} {post}" for post in person.today)
    standing_in = "、".join(f"代 {one.absent}" for one in person.deputising)
    words = "；".join(part for part in (posts, standing_in) if part)
    return {
        "url": _address(person),
        "cells": [
            {"name": "name", "kind": "number", "text": person.name},
            {"name": "username", "kind": "text", "text": person.username},
            {"name": "summary", "kind": "text", "text": words},
            {"name": "state", "kind": "state", **_state(person)},
        ],
    }


def _state(person: Account) -> dict[str, str]:
    if not person.is_active:
        return {"text": "已停用", "word": "已停用", "css": "state-void"}
    if person.must_change_password:
        return {"text": "未改初始密码", "word": "未改初始密码", "css": "state-wait"}
    return {"text": "在用", "word": "在用", "css": "state-done"}


def _password_words(account: Account) -> str:
    changed = account.password_changed_at
    when = moments.day(changed)
    return f"初始密码，{when} 给出" if account.must_change_password else f"{when} 由本人设置"


def _days(from_on: date, to_on: date | None, today: date, now: str = "现任") -> dict[str, str]:
    if from_on > today:
        word, css = "未开始", "state-new"
    elif to_on and to_on < today:
        word, css = "已结束", "state-void"
    else:
        word, css = now, "state-done"
    return {"text": f"{from_on} 至 {to_on}" if to_on else f"{from_on} 起", "word": word, "css": css}


def _open(post: Post, today: date) -> bool:
    return post.to_on is None or post.to_on >= today
