"""接待登记导入程序：上传核对 → 导入 → 已生效，可以撤销。"""

from yihu.areas.reception.bringing.bring import RegisterOfTheDesk
from yihu.kernel.importing.procedure import procedure
from yihu.kernel.procedure import register
from yihu.kernel.who import may

PROCEDURE = register(
    procedure(
        RegisterOfTheDesk,
        slug="contact-imports",
        code="JR",
        importer=may("reception.import", "客服主管"),
        capability="reception.import",
    )
)
