"""The allowed export, taken once, by who asked for it: the values in the clear, who and when on every page."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from yihu.areas.households.effects.rosters import units_of
from yihu.areas.households.models import Roster
from yihu.areas.households.procedure import ROSTER
from yihu.ground.estate import roster
from yihu.kernel import exports
from yihu.kernel.doors import perform
from yihu.kernel.errors import Conflict, NotAllowed
from yihu.kernel.policy import policy


@require_POST
@policy(may="kernel.export")
def take(request: HttpRequest, number: str) -> FileResponse:
    record = get_object_or_404(Roster.objects.seen_by(request.user), number=number, community=request.community)
    step = ROSTER.step("take")
    if step is None or not step.who.allows(request.user, record):
        raise NotAllowed("只有申请人本人可以导出。")
    if record.state != Roster.State.ALLOWED:
        raise Conflict(f"这份申请现在是“{record.state_word}”，不能导出。")
    now = timezone.now()
    units = units_of(record).order_by("sort_key", "pk")
    lines = roster.lines(units, exports.in_the_clear)
    file = exports.write_xlsx(roster.TITLE, roster.COLUMNS, lines, by=request.user, now=now)
    try:
        perform(record, "take", by=request.user, version=record.version)
    except BaseException:
        file.close()
        raise
    return FileResponse(file, as_attachment=True, filename=f"{roster.TITLE}-{record.number}.xlsx")
