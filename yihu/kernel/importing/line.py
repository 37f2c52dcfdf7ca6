"""script/manage import_… FILE --community NAME [--map COLUMN=FIELD …] [--dry-run] --json, for every sort of file."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from yihu.kernel.authority import authority
from yihu.kernel.doors import open_record, perform
from yihu.kernel.importing import running, staging
from yihu.kernel.importing.declare import Import, import_of
from yihu.kernel.importing.problems import ERROR, Problem, problem
from yihu.kernel.importing.staging import HandedIn


class ImportCommand(BaseCommand):
    """``kind`` names the run's register."""

    kind: ClassVar[str]

    @property
    def importing(self) -> Import:
        return import_of(self.kind)

    def add_arguments(self, parser: ArgumentParser) -> None:
        fields = "、".join(f"{field.label}={field.name}" for field in self.importing.shape.words.fields)
        parser.add_argument("file", type=Path, help="Excel 或 CSV 文件")
        parser.add_argument("--community", required=True, metavar="NAME", help="管理项目的名称；没有就新建")
        parser.add_argument(
            "--map", action="append", default=[], metavar="COLUMN=FIELD",
            help=f"说明一列是什么，可重复。COLUMN 是表头、“工作表!表头”或列字母；工作表名=不导入 表示略过这张表。FIELD：{fields}",
        )  # fmt: skip
        parser.add_argument("--dry-run", action="store_true", help="只核对，什么也不写")
        parser.add_argument("--json", action="store_true", help="结果写成一个 JSON 对象")

    def handle(self, *args: Any, **options: Any) -> None:
        told = self.import_file(options["file"], options["community"].strip(), options["map"], options["dry_run"])
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stdout.write("\n".join([_counts(told), *self.in_words(told), *map(_line, told["problems"])]))
        if told["refused"]:
            raise CommandError(f"{self.importing.word}没有导入。")

    def in_words(self, told: dict[str, Any]) -> list[str]:
        """Lines between the counts and the problems."""
        return []

    def more_problems(self, handed_in: HandedIn) -> list[Problem]:
        """What this command refuses besides what is wrong with the file."""
        return []

    def named(self, name: str) -> Any:
        """What the lines will belong to; it may only be imagined."""
        return self.importing.named(name)

    def found(self, name: str) -> Any:
        """The same, made where there is none yet."""
        return self.importing.found(name)

    def columns(self, place: Any) -> dict[str, Any]:
        """The columns of the run that say where it belongs."""
        return {"community": place}

    def import_file(self, path: Path, name: str, said: list[str], dry_run: bool) -> dict[str, Any]:
        importing, today = self.importing, timezone.localdate()
        try:
            content = path.read_bytes()
        except OSError:
            return self._refused(None, [problem("unreadable_file", f"打不开文件 {path.name}。", "请检查路径和权限。")])
        mapping, wrong = _mapping(said)
        if not name or len(name) > 60:
            wrong.append(problem("unreadable_file", "项目名称应为 1 至 60 个字。", "请用 --community 写明。"))
        handed_in = staging.hand_in(importing, content, path.name, mapping, today)
        if not handed_in.checked.errors:
            wrong += self.more_problems(handed_in)
        if wrong or handed_in.checked.errors:
            return self._refused(handed_in, [*wrong, *handed_in.checked.problems])
        plan = importing.plan(self.named(name), handed_in.checked.rows, today)
        problems = [*handed_in.checked.problems, *plan.problems]
        if any(one.severity == ERROR for one in plan.problems):
            return self._refused(handed_in, problems)
        told = self._told(handed_in, problems, plan.created, plan.updated, plan.unchanged)
        if dry_run or not (plan.created or plan.updated):
            return told
        run = self._go_live(self.columns(self.found(name)), content, mapping, handed_in)
        return {
            **told,
            "created": run.created,
            "updated": run.updated,
            "unchanged": run.unchanged,
            "number": run.number,
        }

    def _go_live(self, place: dict[str, Any], content: bytes, mapping: dict[str, str], handed_in: HandedIn) -> Any:
        """Open the run and carry it out here and now. A call that was killed half-way is gone on with."""
        importing, system = self.importing, authority().system()
        S = importing.model.State
        runs = importing.model.objects.filter(**place, file_sha256=handed_in.sha256, mapping=mapping)
        run = runs.filter(state__in=(S.CHECKING, S.RUNNING), closed_at=None, opened_by=system).first()
        if run is None:
            where = ":".join(str(row.pk) for row in place.values())
            key = f"{importing.kind}:{where}:{handed_in.sha256}:{runs.count()}"
            files = {"import_file": staging.ReadUpload(content, handed_in)}
            fresh = importing.model(**place, mapping=mapping)
            told = {name: row.pk for name, row in place.items() if name != "community"}
            run = open_record(fresh, by=system, key=key, files=files, data=told)
        run.refresh_from_db()
        if run.still_reading:  # it is read already; nobody need read it twice
            running.lay_out(run, handed_in)
        if run.state == S.CHECKING:
            run = perform(run, "go_live", by=system, key=f"{importing.kind}-live:{run.pk}", data={})
        running.make_live.func(importing.kind, run.pk)
        run.refresh_from_db()
        return run

    def _refused(self, handed_in: HandedIn | None, problems: list[Problem]) -> dict[str, Any]:
        """A refused file changes nothing. What could not even be read counts as one row refused."""
        told = self._told(handed_in, problems, 0, 0, 0)
        return {**told, "refused": max(told["rows"], 1)}

    def _told(
        self, handed_in: HandedIn | None, problems: list[Problem], created: int, updated: int, unchanged: int
    ) -> dict[str, Any]:
        return {
            "rows": handed_in.checked.lines if handed_in else 0,
            "created": created,
            "updated": updated,
            "unchanged": unchanged,
            "refused": 0,
            "needs_mapping": bool(handed_in and handed_in.needs_mapping),
            "problems": [found.as_json() for found in problems],
            **self.importing.told(handed_in.checked if handed_in else None),
        }


def _mapping(said: list[str]) -> tuple[dict[str, str], list[Problem]]:
    mapping, wrong = {}, []
    for told in said:
        column, sign, name = told.rpartition("=")
        if not sign or not column.strip() or not name.strip():
            wrong.append(problem("unreadable_file", f"“{told}”不是“列=项目”的写法。", "例如 --map 列名=项目。"))
        mapping[column.strip()] = name.strip()
    return mapping, wrong


def _counts(told: dict[str, Any]) -> str:
    return f"{told['rows']} 行：新增 {told['created']}，更新 {told['updated']}，未变 {told['unchanged']}，拒绝 {told['refused']}"


def _line(found: dict[str, Any]) -> str:
    place = f"{found['sheet']} 第{found['row']}行 {found['column']}" if found["row"] else found["sheet"] or "文件"
    mark = "错误" if found["severity"] == "error" else "提醒"
    return f"[{mark}] {place} {found['value']}：{found['reason']}{found['remedy']}"
