"""What the steps of an import do beyond changing its state."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils import timezone

from yihu.ground.estate.models import RollImport, RollProblem, RollRow
from yihu.ground.estate.roll import headings, running, staging
from yihu.kernel.jobs import follow

READING = "名册还在读取，请等读完再办。"


def stage(act: Any) -> None:
    """Keep the file and lay out what is in it; a long one is read in the background."""
    staging.keep_file(act.record, act.data["content"])
    if act.data["handed_in"] is None:
        _read_later(act.record)
    else:
        staging.stage(act.record, act.data["handed_in"], timezone.localdate())


def stage_anew(act: Any) -> None:
    """Read the kept file again, as the person now says that its columns are to be read."""
    run: RollImport = act.record
    mapping, today = act.data["mapping"], timezone.localdate()
    RollImport.objects.filter(pk=run.pk).update(mapping=mapping)
    content = staging.kept_file(run)
    if len(content) > staging.AT_ONCE:
        _read_later(run)
    else:
        staging.stage(run, staging.hand_in(content, run.file_name, mapping, today), today)


def _read_later(run: RollImport) -> None:
    task_id = running.read_roll.using(key=f"roll-read:{run.pk}").enqueue(run.pk).id
    RollImport.objects.filter(pk=run.pk).update(task_id=task_id)


def go_live(act: Any) -> None:
    """Note what was ticked and put the work into the queue."""
    run: RollImport = act.record
    ticked: dict[tuple[str, int | None], list[str]] = defaultdict(list)
    for found in RollProblem.objects.filter(run=run, kind="kept", pk__in=act.data.get("overwrite") or []):
        ticked[found.sheet, found.row_no].append(_field_of(found.column))
    for row in RollRow.objects.filter(run=run, row_no__in=[row_no for _, row_no in ticked]) if ticked else ():
        if fields := ticked.get((row.sheet, row.row_no)):
            RollRow.objects.filter(pk=row.pk).update(ticked=fields)
    task_id = running.make_live.using(key=f"roll:{run.pk}").enqueue(run.pk).id
    follow(task_id, total=run.rows)
    RollImport.objects.filter(pk=run.pk).update(done=0, task_id=task_id)


def _field_of(label: str) -> str:
    """The field behind the column's label in a note that a person's value was kept."""
    name = headings.said(label)
    return {"owner": "owners", "lessee": "lessees", "emergency_name": "emergency"}.get(name, name)


def finish(act: Any) -> None:
    running.count_outcomes(act.record)
    staging.forget_personal(act.record)


def put_away(act: Any) -> None:
    staging.forget_personal(act.record)


def undo(act: Any) -> None:
    running.take_back(act.record, act.command)


def errors_stand(run: RollImport, by: Any) -> str:
    """Why a roll may not go live."""
    if run.reading:
        return READING
    if run.errors:
        return f"还有 {run.errors} 处错误，不能导入。请更正列对应，或改好表格后重新上传。"
    if not run.created and not run.updated and not run.kept:
        return "名册与现有资料完全一致，不需要导入。"
    return ""


def still_reading(run: RollImport, by: Any) -> str:
    return READING if run.reading else ""


def something_depends(run: RollImport, by: Any) -> str:
    """Why a batch may not be taken back."""
    found = running.hindrances(run)
    return f"不能撤销，这些资料建立在本次导入之上：{'；'.join(found)}。" if found else ""
