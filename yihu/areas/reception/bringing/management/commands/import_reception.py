"""script/manage import_reception FILE --community NAME [--map COLUMN=FIELD …] [--dry-run] --json"""

from __future__ import annotations

from yihu.kernel.importing.line import ImportCommand


class Command(ImportCommand):
    help = "导入前台接待登记表：每行成为一条已注销的接待，不计时、不派单、不提醒；有错误就整份拒绝，什么也不写。"
    kind = "bringing.contactimport"
