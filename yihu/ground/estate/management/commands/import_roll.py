"""script/manage import_roll FILE --community NAME [--map COLUMN=FIELD …] [--dry-run] --json"""

from __future__ import annotations

from typing import Any

from yihu.kernel.importing.line import ImportCommand


class Command(ImportCommand):
    help = "导入一份业主名册；有错误就整份拒绝，什么也不写。工作表名=组团 表示这张表自成一个组团。"
    kind = "estate.rollimport"

    def in_words(self, told: dict[str, Any]) -> list[str]:
        return [
            f"{cluster['name']}：{cluster['units']} 户，交房 {cluster['handed_over']}，装修 {cluster['renovating']}，入住 {cluster['moved_in']}"
            for cluster in told["clusters"]
        ]
