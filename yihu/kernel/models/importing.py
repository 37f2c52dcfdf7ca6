"""The tables of an import, as every sort of file has them: the run, its file, the rows it stands on, what was wrong.

Each sort of file has tables of its own that name their run; nothing of one hangs on another's.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from yihu.kernel.models.record import Record


class ImportRun(Record):
    """One file, checked, shown, made live as one batch, and taken back if need be."""

    class State(models.TextChoices):
        CHECKING = "checking", "待核对"
        RUNNING = "running", "导入中"
        LIVE = "live", "已生效"
        UNDONE = "undone", "已撤销"
        REFUSED = "refused", "已拒绝"

    file_name = models.CharField("文件名", max_length=120)
    file_sha256 = models.CharField(max_length=64, editable=False)
    # What a person said about columns and sheets: {"工作表!表头": "field"}.
    mapping: models.JSONField[Any, Any] = models.JSONField("列对应", default=dict, blank=True)
    # What the file leaves open: which column is what, what a sheet is about.
    questions: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True, editable=False)
    rows = models.PositiveIntegerField("行数", default=0)
    created = models.PositiveIntegerField("新增", default=0)
    updated = models.PositiveIntegerField("更新", default=0)
    unchanged = models.PositiveIntegerField("未变", default=0)
    kept = models.PositiveIntegerField("保留人工更正", default=0)
    errors = models.PositiveIntegerField("错误", default=0)
    warnings = models.PositiveIntegerField("提醒", default=0)
    done = models.PositiveIntegerField("已写入", default=0)
    task_id = models.CharField(max_length=40, blank=True, default="", editable=False)

    class Meta:
        abstract = True

    @property
    def importing(self) -> Any:
        """What this sort of file says of itself."""
        from yihu.kernel.importing.declare import import_of  # the declaration names this model

        return import_of(self)

    @property
    def still_reading(self) -> bool:
        """Whether a long file is still being read in the background."""
        return self.state == self.State.CHECKING and self.task_id != ""

    def summarise(self) -> str:
        return f"{self.file_name}，{self.rows} {self.importing.unit}"


class ImportFile(models.Model):
    """The file as it was handed in, encrypted, and only while it may still be needed: it is full of personal data."""

    sealed = models.TextField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.run)  # type: ignore[attr-defined]


class ImportRow(models.Model):
    """One row of the sheet, read and checked. Phones and ID numbers lie in ``sealed``, encrypted."""

    position = models.PositiveIntegerField()
    sheet = models.CharField("工作表", max_length=60)
    row_no = models.PositiveIntegerField("行")
    values: models.JSONField[Any, Any] = models.JSONField(default=dict)
    sealed = models.TextField(blank=True, default="")
    outcome = models.CharField(max_length=10, blank=True, default="")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.sheet} 第{self.row_no}行"


class ImportProblem(models.Model):
    """What is wrong with a cell, and what to do about it. Personal values are masked."""

    class Severity(models.TextChoices):
        ERROR = "error", "错误"
        WARNING = "warning", "提醒"

    severity = models.CharField("级别", max_length=10, choices=Severity.choices)
    kind = models.CharField("种类", max_length=20)
    part = models.CharField("部分", max_length=20, blank=True, default="")
    sheet = models.CharField("工作表", max_length=60, blank=True, default="")
    row_no = models.PositiveIntegerField("行", null=True)
    column = models.CharField("列", max_length=60, blank=True, default="")
    value = models.CharField("内容", max_length=120, blank=True, default="")
    reason = models.CharField("原因", max_length=200)
    remedy = models.CharField("怎么办", max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.reason
