"""What the steps of an import do beyond changing its state."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils import timezone

from yihu.kernel.importing import running, staging
from yihu.kernel.importing.declare import import_of
from yihu.kernel.jobs import follow


def stage(act: Any) -> None:
    """Keep the file and lay out what is in it; a long one is read in the background."""
    staging.keep_file(act.record, act.data["content"])
    if act.data["handed_in"] is None:
        _read_later(act.record)
    else:
        staging.stage(act.record, act.data["handed_in"], timezone.localdate())


def stage_anew(act: Any) -> None:
    """Read the kept file again, as the person now says that its columns are to be read."""
    run = act.record
    mapping, today = act.data["mapping"], timezone.localdate()
    type(run).objects.filter(pk=run.pk).update(mapping=mapping)
    content = staging.kept_file(run)
    if len(content) > staging.AT_ONCE:
        _read_later(run)
    else:
        staging.stage(run, staging.hand_in(import_of(run), content, run.file_name, mapping, today), today)


def _read_later(run: Any) -> None:
    kind = import_of(run).kind
    task_id = running.read_file.using(key=f"{kind}-read:{run.pk}").enqueue(kind, run.pk).id
    type(run).objects.filter(pk=run.pk).update(task_id=task_id)


def go_live(act: Any) -> None:
    """Note what was ticked and put the work into the queue."""
    run = act.record
    importing = import_of(run)
    ticked: dict[tuple[str, int | None], list[str]] = defaultdict(list)
    for found in run.problems.filter(kind="kept", pk__in=act.data.get("overwrite") or []):
        ticked[found.sheet, found.row_no].append(found.column)
    if ticked:
        importing.tick(run, ticked)
    task_id = running.make_live.using(key=f"{importing.kind}:{run.pk}").enqueue(importing.kind, run.pk).id
    follow(task_id, total=run.rows)
    type(run).objects.filter(pk=run.pk).update(done=0, task_id=task_id)


def finish(act: Any) -> None:
    running.count_outcomes(act.record)
    staging.forget_personal(act.record)


def put_away(act: Any) -> None:
    staging.forget_personal(act.record)


def undo(act: Any) -> None:
    import_of(act.record).take_back(act.record, act.command)


def errors_stand(run: Any, by: Any) -> str:
    """Why a file may not go live."""
    if still := still_reading(run, by):
        return still
    if run.errors:
        return f"还有 {run.errors} 处错误，不能导入。请更正列对应，或改好表格后重新上传。"
    if not run.created and not run.updated and not run.kept:
        return f"{import_of(run).word}与现有资料完全一致，不需要导入。"
    return ""


def still_reading(run: Any, by: Any) -> str:
    return f"{import_of(run).word}还在读取，请等读完再办。" if run.still_reading else ""


def something_depends(run: Any, by: Any) -> str:
    """Why a batch may not be taken back."""
    found = import_of(run).hindrances(run)
    return f"不能撤销，这些资料建立在本次导入之上：{'；'.join(found)}。" if found else ""
