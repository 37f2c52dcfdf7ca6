"""设置: what this person may set, and what is waiting to be set."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.kernel import holidays
from yihu.kernel.authority import grants_of
from yihu.kernel.errors import NotAllowed
from yihu.kernel.jobs import jobs_health
from yihu.kernel.policy import policy
from yihu.kernel.screens import places

PLACES = (
    ("kernel.parameters", "kernel:settings_clocks", "时限", "每一个时限现在是多少、到时提醒谁；改动从指定时间起生效"),
    ("kernel.parameters", "kernel:settings_hours", "工作时间", "本项目前台的服务时间，全公司的上班时间"),
    ("kernel.parameters", "kernel:settings_times", "每天的时刻", "班次、每天的检查和签批各在几点"),
    ("kernel.parameters", "kernel:settings_numbers", "数目", "几件算重复、几天后验证等数目；改动从指定时间起生效"),
    ("kernel.calendar", "kernel:settings_calendar", "工作日历", "节假日和调休；每年十一月录入下一年"),
    ("staff.manage", "kernel:settings_jobs", "后台任务", "提醒、导入、整理是否正常，失败的重新试"),
)

_offered: list[tuple[str, str, str, str]] = []


def offer(capability: str, name: str, label: str, words: str) -> None:
    """A settings page of another app: who may, its address, its title, what is set there."""
    if (place := (capability, name, label, words)) not in _offered:
        _offered.append(place)
        places.place(90, "设置", "kernel:settings", capability)


@require_GET
@policy(signed_in=True)
def page(request: HttpRequest) -> HttpResponse:
    grants, community = grants_of(request.user), request.community  # type: ignore[attr-defined]
    held = [place for place in (*PLACES, *_offered) if community is not None and grants.may(place[0], community.pk)]
    if not held:
        raise NotAllowed("设置由系统管理员维护，您没有可以改的内容。")
    may = {place[0] for place in held}
    context = {
        "title": "设置",
        "places": [{"url": reverse(name), "label": label, "words": words} for _, name, label, words in held],
        "missing": holidays.missing(timezone.localdate()) if "kernel.calendar" in may else [],
        "jobs": jobs_health(timezone.now()) if "staff.manage" in may else None,
    }
    return render(request, "kernel/settings/index.html", context)
