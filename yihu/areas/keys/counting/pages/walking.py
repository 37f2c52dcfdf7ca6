"""Hook by hook: big buttons, the next one by itself, with or without a network. What the ledger expects is not shown."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from yihu.areas.keys.counting import compare
from yihu.areas.keys.counting import walk as walking
from yihu.areas.keys.counting.models import KeyCount, Tick
from yihu.kernel.errors import NotFound, Refused
from yihu.kernel.plain import key_of
from yihu.kernel.policy import policy
from yihu.kernel.screens.page import happened_at, number_or_none

A = Tick.Answer


def _found(request: HttpRequest, number: str) -> Any:
    rows = KeyCount.objects.seen_by(request.user).select_related("cabinet", "community")
    count = rows.filter(number=number).first()
    if count is None:
        raise Http404
    return count


@require_GET
@policy(may=walking.COUNT)
def walk(request: HttpRequest, number: str) -> HttpResponse:
    """The hook that is next (or the one asked for), and behind it all that follow, for a cellar without a network."""
    count = _found(request, number)
    if count.state != KeyCount.State.DUE or count.closed_at is not None:
        messages.info(request, f"{count.number} 已经签字。")
        return redirect(count.get_absolute_url())
    keys, ticks = compare.to_walk(count.cabinet), compare.last_ticks(count)
    again = number_or_none(request.GET.get("key"))
    ahead = [key for key in keys if key.pk == again] + [key for key in keys if key.pk not in ticks and key.pk != again]
    one = uuid.uuid4().hex
    addresses = [reverse("counting:tick", args=[number, key.pk]) for key in ahead]
    steps = [
        {"hook": key.hook.label, "tag": key.tag, "url": url, "after": before, "key": f"{one}-{key.pk}"}
        for key, url, before in zip(ahead, addresses, ["", *addresses], strict=False)
    ]
    last = max(ticks.values(), key=lambda tick: (tick.at, tick.pk), default=None)
    here = reverse("counting:walk", args=[number])
    context = {
        "title": f"{count.cabinet} 核查",
        "count": count,
        "url": here,
        "steps": steps,
        "last_url": addresses[-1] if addresses else "",
        "done": sum(key.pk in ticks for key in keys),
        "total": len(keys),
        "before": {"tick": last, "url": f"{here}?key={last.key_id}"} if last else None,
        "seen": [{"tick": ticks[key.pk], "url": f"{here}?key={key.pk}"} for key in keys if key.pk in ticks],
        "sign_url": f"{count.get_absolute_url()}do/sign/",
    }
    return render(request, "counting/walk.html", context)


@require_POST
@policy(may=walking.COUNT)
def tick(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    count, posted = _found(request, number), request.POST
    given = {"answer": posted.get("answer", "")[:10], "tag": posted.get("tag", "")[:200]}
    at = happened_at(request, count, timezone.now())  # type: ignore[arg-type]
    try:
        walking.tick(count, pk, by=request.user, key=key_of(request), at=at, **given)
    except NotFound:
        raise Http404 from None
    except Refused as refused:
        back = reverse("counting:walk", args=[number])
        said = {"sentence": refused.sentence, "back_url": back}
        return render(request, "kernel/refused.html", said, status=refused.status)
    return redirect("counting:walk", number)
