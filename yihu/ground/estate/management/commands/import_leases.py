"""script/manage import_leases FILE --community NAME [--map COLUMN=FIELD …] [--dry-run] --json"""

from __future__ import annotations

from typing import Any

from yihu.ground.estate.management.commands.import_roll import Command as ImportRoll
from yihu.kernel.importing.problems import Problem, problem
from yihu.kernel.importing.staging import HandedIn


class Command(ImportRoll):
    help = "导入一份租户台账：房屋、租户、租期、租约金额；有错误就整份拒绝，什么也不写。到期的租约照样导入并列为提醒。"

    def more_problems(self, handed_in: HandedIn) -> list[Problem]:
        """A roll that names no lessee at all is the wrong file."""
        named = any(layout.has("lessee") for layout in handed_in.recognised.layouts)
        return [] if named else [problem("no_lessees")]

    def in_words(self, told: dict[str, Any]) -> list[str]:
        expired = sum(found["kind"] == "lease_over" for found in told["problems"])
        return [*super().in_words(told), f"到期的租约 {expired} 份"]
