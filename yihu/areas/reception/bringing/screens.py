"""Pages of the imports of the desk's register."""

from yihu.areas.reception.bringing.models import ContactImport
from yihu.kernel.importing.screens import ImportScreens
from yihu.kernel.screens import screens


@screens
class ContactImportScreens(ImportScreens):
    model = ContactImport
    word = "登记导入"
    nav = ("登记导入", 29)
