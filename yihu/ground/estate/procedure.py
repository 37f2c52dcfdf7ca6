"""名册导入程序：上传核对 → 导入 → 已生效，可以撤销。"""

from __future__ import annotations

from yihu.ground.estate.roll.importing import RollOfUnits
from yihu.kernel.importing.procedure import procedure
from yihu.kernel.procedure import register
from yihu.kernel.who import may

PROCEDURE = register(
    procedure(
        RollOfUnits,
        slug="rolls",
        code="MC",
        importer=may("estate.import", "客服主管或档案管理员"),
        capability="estate.import",
        clauses=("ARC-08",),
    )
)
