"""``manage generate_docs [--check]``: state diagrams from the procedures, and the table of clauses from the tests' marks."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from yihu.kernel.procedure import Procedure, procedures

DOCS = Path(settings.BASE_DIR) / "docs"
TESTS = Path(settings.BASE_DIR) / "tests"


class Command(BaseCommand):
    help = "生成状态图与条款表"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail where a generated page is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        pages = {DOCS / "clauses.md": clauses_page()}
        for procedure in procedures():
            pages[DOCS / "procedures" / f"{procedure.slug}.md"] = procedure_page(procedure)
        stale = [path for path, text in pages.items() if not path.exists() or path.read_text("utf-8") != text]
        gone = [path for path in (DOCS / "procedures").glob("*.md") if path not in pages]
        if options["check"]:
            if stale or gone:
                names = "、".join(str(path.relative_to(DOCS.parent)) for path in [*stale, *gone])
                raise CommandError(f"生成的文档已过时：{names}。请运行 script/manage generate_docs。")
            return
        for path in gone:
            path.unlink()
        for path in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(pages[path], "utf-8")
            self.stdout.write(f"已生成 {path.relative_to(DOCS.parent)}")


def procedure_page(procedure: Procedure) -> str:
    """One register: its diagram, its steps and its clocks."""
    states = procedure.states
    lines = [
        f"# {procedure.title} (`{procedure.kind}`)",
        "",
        "Generated from the declaration by `script/manage generate_docs`; do not edit.",
        "",
    ]
    if procedure.clauses:
        lines += [f"Clauses: {', '.join(procedure.clauses)}.", ""]
    lines += ["```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{word}" as {state}' for state, word in states.items()]
    lines += [f"    [*] --> {state}" for state in procedure.opening_states()]
    for step in procedure.steps:
        for source in step.source:
            lines += [f"    {source} --> {target}: {step.label}" for target in step.targets() or (source,)]
    lines += [f"    {state} --> [*]" for state in procedure.closed]
    lines += ["```", "", "| step | from | to | who | clocks |", "| --- | --- | --- | --- | --- |"]
    for step in procedure.steps:
        source = "、".join(states[state] for state in step.source)
        target = "、".join(states[state] for state in step.targets()) or "不变"
        moves = [("启", step.starts), ("停", step.stops), ("暂停", step.pauses), ("恢复", step.resumes)]
        clocks = "；".join(f"{verb} {'、'.join(codes)}" for verb, codes in moves if codes)
        lines.append(f"| {step.label} `{step.name}` | {source} | {target} | {step.who.words} | {clocks} |")
    if procedure.clocks:
        lines += ["", "| clock | what | limit | escalation |", "| --- | --- | --- | --- |"]
        for clock in procedure.clocks:
            limits = "；".join(f"{name} {limit.words()}".strip() for name, limit in clock.variants().items() if limit)
            rungs = "、".join(
                f"{rung.post}{' +' + rung.after.words() if rung.after.minutes or rung.after.days else ''}"
                for rung in clock.escalate
            )
            lines.append(f"| {clock.code} | {clock.label} | {limits} | {rungs} |")
    return "\n".join(lines) + "\n"


def clauses_page() -> str:
    """Each clause of the manuals: how far the software keeps it, and the tests that prove it."""
    known = (DOCS / "clauses.txt").read_text("utf-8").split()
    proofs: dict[str, list[tuple[str, str]]] = {clause: [] for clause in known}
    for test, clause, part in marks():
        if clause not in proofs:
            raise CommandError(f"{test} names the unknown clause {clause}")
        proofs[clause].append((test, part))
    whole = sum(any(not part for _, part in found) for found in proofs.values())
    partly = sum(bool(found) and all(part for _, part in found) for found in proofs.values())
    lines = [
        "# 条款与证明",
        "",
        "Generated from the tests' `clause` marks by `script/manage generate_docs`; do not edit.",
        f"全 {whole} · 部分 {partly} · 无 {len(known) - whole - partly}",
        "",
        "| 条款 | 实现 | 证明 |",
        "| --- | --- | --- |",
    ]
    for clause, found in proofs.items():
        parts = list(dict.fromkeys(part for _, part in found if part))
        state = "无" if not found else "全" if any(not part for _, part in found) else f"部分：{'；'.join(parts)}"
        lines.append(
            f"| {clause} | {state} | {' '.join(f'`{test}`' for test in dict.fromkeys(test for test, _ in found))} |"
        )
    return "\n".join(lines) + "\n"


def marks() -> Iterator[tuple[str, str, str]]:
    """(test, clause, part) for each mark in the tests' source, in a fixed order."""
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for decorator in node.decorator_list:
                    if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.clause":
                        part = next(
                            (str(ast.literal_eval(word.value)) for word in decorator.keywords if word.arg == "part"), ""
                        )
                        yield from ((node.name, str(ast.literal_eval(clause)), part) for clause in decorator.args)
