"""The import of a bank statement: the run and its tables."""

from __future__ import annotations

from django.db import models

from yihu.areas.cashier.banking.models.lines import BankAccount
from yihu.kernel.models.importing import ImportFile, ImportProblem, ImportRow, ImportRun


class StatementImport(ImportRun):
    """银行流水导入: what the bank exports of one account."""

    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="imports", verbose_name="银行账户")

    class Meta:
        verbose_name = verbose_name_plural = "银行流水导入"


class StatementFile(ImportFile):
    run = models.OneToOneField(StatementImport, models.PROTECT, primary_key=True, related_name="file")

    class Meta:
        verbose_name = verbose_name_plural = "银行流水文件"


class StatementRow(ImportRow):
    run = models.ForeignKey(StatementImport, models.PROTECT, related_name="staged")

    class Meta:
        verbose_name = verbose_name_plural = "银行流水行"
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="statement_row_once")]


class StatementProblem(ImportProblem):
    run = models.ForeignKey(StatementImport, models.PROTECT, related_name="problems")

    class Meta:
        verbose_name = verbose_name_plural = "银行流水问题"
        indexes = [models.Index(fields=["run", "severity", "kind", "id"], name="statement_problem_list")]
