"""script/manage import_readings FILE --community NAME [--map COLUMN=FIELD …] [--dry-run] --json"""

from __future__ import annotations

from yihu.kernel.importing.line import ImportCommand


class Command(ImportCommand):
    help = "导入抄表册：清楚的读数记下，换表、走过一圈照算，存疑的留给人逐条选定；同一文件再导不变。"
    kind = "meters.readingimport"
