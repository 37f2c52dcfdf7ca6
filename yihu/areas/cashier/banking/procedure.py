"""银行流水导入程序：上传核对 → 导入 → 已生效，没有入账的可以撤销。"""

from dataclasses import replace
from typing import Any

from django import forms

from yihu.areas.cashier.banking.bring import StatementOfTheBank
from yihu.areas.cashier.banking.models import BankAccount, StatementImport
from yihu.kernel.importing.forms import HandInForm
from yihu.kernel.importing.procedure import procedure
from yihu.kernel.procedure import register
from yihu.kernel.who import may


class StatementForm(HandInForm):
    """Of which account the file is: chosen only where there are several."""

    account = forms.ModelChoiceField(BankAccount.objects.none(), label="银行账户", empty_label="请选择")

    class Meta:
        model = StatementImport
        fields = ["account"]

    def prepare(self) -> None:
        super().prepare()
        self.order_fields(["account", "import_file"])
        accounts = BankAccount.objects.filter(community_id=self.record.community_id, shown=True).order_by(
            "position", "pk"
        )
        field: Any = self.fields["account"]
        field.queryset = accounts
        first = list(accounts[:2])
        if len(first) == 1:
            self.initial["account"] = first[0].pk
        elif not first:
            field.help_text = "还没有银行账户，请先在“银行账户”里添加。"

    def clean_import_file(self) -> Any:
        account = self.cleaned_data.get("account")
        if account is None:
            raise forms.ValidationError("请先选银行账户，再选文件。")
        self.instance.account = account
        return super().clean_import_file()


PROCEDURE = register(
    replace(
        procedure(
            StatementOfTheBank,
            slug="bank-statements",
            code="LS",
            importer=may("banking.import", "出纳"),
            capability="banking.import",
            clauses=("FEE-07",),
        ),
        opening_form=StatementForm,
    )
)
