"""银行账户: the list of accounts whose statements come in."""

from __future__ import annotations

from yihu.areas.cashier.banking.models import BankAccount
from yihu.kernel.plain_pages import PlainRegister, RowForm


class AccountForm(RowForm):
    """What the office calls the account."""

    class Meta:
        model = BankAccount
        fields = ["name", "position", "shown"]
        help_texts = {
            "name": "例如 建行基本户；不要写账号",
            "position": "小的排在前面",
            "shown": "不再用的取消勾选",
        }


ACCOUNTS = PlainRegister(
    model=BankAccount, name="bank-accounts", title="银行账户", form=AccountForm, read="ledger.see", edit="banking.lists",
    namespace="banking", heads=("账户", "流水"), cells=lambda row: (f"{row.lines.count()} 笔",), word="一个账户",
    help="每个账户的流水分开导入、分开核对余额。", empty="还没有银行账户。先写上账户名称，就可以导入流水。",
)  # fmt: skip
