"""银行流水导入程序：上传核对 → 导入 → 已生效，没有入账的可以撤销。"""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.cashier.banking.bring import StatementOfTheBank
from yihu.areas.cashier.banking.models import BankAccount, StatementImport
from yihu.kernel.importing import effects, staging
from yihu.kernel.importing.declare import import_of
from yihu.kernel.importing.forms import HandInForm
from yihu.kernel.importing.problems import ERROR
from yihu.kernel.importing.procedure import procedure
from yihu.kernel.models.journal import JournalEntry
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


def contradicted_since(run: Any, by: Any) -> str:
    """Two statements of one account may wait at once: what the other has brought in meanwhile is looked at before this one."""
    if said := effects.errors_stand(run, by):
        return said
    others = StatementImport.objects.filter(account=run.account_id).exclude(pk=run.pk)
    if others.filter(state=StatementImport.State.RUNNING).exists():
        return "这个账户正在导入另一份流水，请等它导完再点。"
    handed_in = run.journal.order_by("seq").values_list("written_at", flat=True).first()
    over = JournalEntry.objects.filter(record__in=others.values("pk"), step="finish", written_at__gte=handed_in)
    if not over.exists():
        return ""
    importing = import_of(run)
    rows = [staging.unstaged(importing, row) for row in run.staged.order_by("position")]
    wrong = [one for one in importing.plan(run.account, rows, timezone.localdate()).problems if one.severity == ERROR]
    return (
        f"上传以后又导入过这个账户的流水，与这一份有 {len(wrong)} 处矛盾。请退回这一份，重新上传核对。" if wrong else ""
    )


MADE = procedure(
    StatementOfTheBank,
    slug="bank-statements",
    code="LS",
    importer=may("banking.import", "出纳"),
    capability="banking.import",
    clauses=("FEE-07",),
)
PROCEDURE = register(
    replace(
        MADE,
        opening_form=StatementForm,
        steps=tuple(replace(one, refuses=contradicted_since) if one.name == "go_live" else one for one in MADE.steps),
    )
)
