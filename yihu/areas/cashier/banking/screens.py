"""Pages of the imports of bank statements, and the places of the other pages in the navigation."""

from yihu.areas.cashier.banking.models import StatementImport
from yihu.kernel.importing.screens import ImportScreens
from yihu.kernel.screens import screens
from yihu.kernel.screens.places import inside, place

place(77.2, "银行认领", "banking:lines", "ledger.see", icon="digest")
inside("/banking/", "banking:lines")
place(77.4, "线上付款", "banking:orders", "ledger.see")


@screens
class StatementImportScreens(ImportScreens):
    model = StatementImport
    word = "银行流水导入"
    nav = ("流水导入", 77.3)
    panels = (("文件", ("account", "file_name", "rows", "created", "unchanged", "errors", "warnings")),)
