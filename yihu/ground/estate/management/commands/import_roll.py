"""script/manage import_roll FILE --community NAME [--map COLUMN=FIELD …] [--dry-run] --json"""

from __future__ import annotations

import json
import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from yihu.basics.names import initials
from yihu.ground.estate.models import Community, RollImport
from yihu.ground.estate.roll import headings, merge, running, staging
from yihu.ground.estate.roll.problems import Problem, problem
from yihu.ground.estate.roll.staging import HandedIn
from yihu.kernel.authority import authority
from yihu.kernel.doors import command, open_record, perform


class Command(BaseCommand):
    help = "导入一份业主名册；有错误就整份拒绝，什么也不写。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        fields = "、".join(f"{field.label}={field.name}" for field in headings.FIELDS)
        parser.add_argument("file", type=Path, help="Excel 或 CSV 文件")
        parser.add_argument("--community", required=True, metavar="NAME", help="管理项目的名称；没有就新建")
        parser.add_argument(
            "--map", action="append", default=[], metavar="COLUMN=FIELD",
            help=f"说明一列是什么，可重复。COLUMN 是表头、“工作表!表头”或列字母；工作表名=组团 表示这张表自成一个组团，"
            f"=不导入 表示略过。FIELD：{fields}",
        )  # fmt: skip
        parser.add_argument("--dry-run", action="store_true", help="只核对，什么也不写")
        parser.add_argument("--json", action="store_true", help="结果写成一个 JSON 对象")

    def handle(self, *args: Any, **options: Any) -> None:
        told = self.import_file(options["file"], options["community"].strip(), options["map"], options["dry_run"])
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stdout.write(_in_words(told))
        if told["refused"]:
            raise CommandError("名册没有导入。")

    def import_file(self, path: Path, name: str, said: list[str], dry_run: bool) -> dict[str, Any]:
        today = timezone.localdate()
        try:
            content = path.read_bytes()
        except OSError:
            return _refused(None, [problem("unreadable_file", f"打不开文件 {path.name}。", "请检查路径和权限。")])
        mapping, wrong = _mapping(said)
        if not name or len(name) > 60:
            wrong.append(problem("unreadable_file", "项目名称应为 1 至 60 个字。", "请用 --community 写明。"))
        handed_in = staging.hand_in(content, path.name, mapping, today)
        if wrong or handed_in.roll.errors:
            return _refused(handed_in, [*wrong, *handed_in.roll.problems])
        community = Community.objects.filter(name=name).first()
        plan = merge.plan(community or Community(name=name), handed_in.roll.rows, today)
        problems = [*handed_in.roll.problems, *plan.problems]
        told = _told(handed_in, problems, plan.created, plan.updated, plan.unchanged)
        if dry_run or not (plan.created or plan.updated):
            return told
        run = self._go_live(community or _new_community(name), content, mapping, handed_in)
        return {
            **told,
            "created": run.created,
            "updated": run.updated,
            "unchanged": run.unchanged,
            "number": run.number,
        }

    def _go_live(
        self, community: Community, content: bytes, mapping: dict[str, str], handed_in: HandedIn
    ) -> RollImport:
        """Open the run and carry it out here and now. A call that was killed half-way is gone on with."""
        system = authority().system()
        runs = RollImport.objects.filter(community=community, file_sha256=handed_in.sha256, mapping=mapping)
        run = runs.filter(
            state__in=(RollImport.State.CHECKING, RollImport.State.RUNNING), closed_at=None, opened_by=system
        ).first()
        if run is None:
            key = f"roll:{community.pk}:{handed_in.sha256}:{runs.count()}"
            upload = staging.ReadUpload(content, handed_in)
            run = open_record(
                RollImport(community=community, mapping=mapping),
                by=system,
                key=key,
                files={"roll_file": upload},
                data={},
            )
        running.read_roll.func(run.pk)
        if run.state == RollImport.State.CHECKING:
            run = perform(run, "go_live", by=system, key=f"roll-live:{run.pk}", data={})
        running.make_live.func(run.pk)
        run.refresh_from_db()
        return run


def _mapping(said: list[str]) -> tuple[dict[str, str], list[Problem]]:
    mapping, wrong = {}, []
    for told in said:
        column, sign, name = told.rpartition("=")
        if not sign or not column.strip() or not name.strip():
            wrong.append(problem("unreadable_file", f"“{told}”不是“列=项目”的写法。", "例如 --map 户号=房号。"))
        mapping[column.strip()] = name.strip()
    return mapping, wrong


def _new_community(name: str) -> Community:
    """A community nobody has entered yet, with a code out of its initials: 云栖苑 is YQY."""
    base = (re.sub("[^A-Z0-9]", "", (initials(name).split() or [""])[0].upper()) or "XM")[:8]
    taken = set(Community.objects.filter(code__startswith=base).values_list("code", flat=True))
    code = next(code for code in (base, *(f"{base}{number}" for number in range(2, 10_000))) if code not in taken)
    with command(by=authority().system(), key=f"community:{name}"[:100], verb="estate.community") as commanding:
        if not commanding.replayed:
            community = Community.objects.create(name=name, code=code)
            commanding.note(commanding.book("estate.community", community.pk), f"导入名册时新建项目 {name}")
    return Community.objects.get(name=name)


def _refused(handed_in: HandedIn | None, problems: list[Problem]) -> dict[str, Any]:
    """A refused file changes nothing. What could not even be read counts as one row refused."""
    told = _told(handed_in, problems, 0, 0, 0)
    return {**told, "refused": max(told["rows"], 1)}


def _told(
    handed_in: HandedIn | None, problems: list[Problem], created: int, updated: int, unchanged: int
) -> dict[str, Any]:
    return {
        "rows": len(handed_in.roll.rows) if handed_in else 0,
        "created": created,
        "updated": updated,
        "unchanged": unchanged,
        "refused": 0,
        "needs_mapping": bool(handed_in and handed_in.needs_mapping),
        "problems": [found.as_json() for found in problems],
        "clusters": handed_in.clusters() if handed_in else [],
    }


def _in_words(told: dict[str, Any]) -> str:
    lines = [
        f"{told['rows']} 行：新增 {told['created']}，更新 {told['updated']}，未变 {told['unchanged']}，拒绝 {told['refused']}"
    ]
    lines += [
        f"{cluster['name']}：{cluster['units']} 户，交房 {cluster['handed_over']}，装修 {cluster['renovating']}，入住 {cluster['moved_in']}"
        for cluster in told["clusters"]
    ]
    for found in told["problems"]:
        place = f"{found['sheet']} 第{found['row']}行 {found['column']}" if found["row"] else found["sheet"] or "文件"
        mark = "错误" if found["severity"] == "error" else "提醒"
        lines.append(f"[{mark}] {place} {found['value']}：{found['reason']}{found['remedy']}")
    return "\n".join(lines)
