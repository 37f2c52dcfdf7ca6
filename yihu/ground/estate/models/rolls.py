"""The import of a roll: the run, the rows it stands on, and what was wrong with them."""

from __future__ import annotations

from typing import Any

from django.db import models

from yihu.kernel.models.importing import ImportFile, ImportProblem, ImportRow, ImportRun


class RollImport(ImportRun):
    """名册导入: a roll of owners or a list of lessees."""

    clusters: models.JSONField[Any, Any] = models.JSONField("组团统计", default=list, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "名册导入"


class RollFile(ImportFile):
    run = models.OneToOneField(RollImport, models.PROTECT, primary_key=True, related_name="file")

    class Meta:
        verbose_name = verbose_name_plural = "名册文件"


class RollRow(ImportRow):
    run = models.ForeignKey(RollImport, models.PROTECT, related_name="staged")
    # Fields that a person changed and that he ticked to be overwritten all the same.
    ticked: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    # What the row changed, as it was before: enough to take the batch back.
    before: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "名册行"
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="roll_row_once")]


class RollProblem(ImportProblem):
    run = models.ForeignKey(RollImport, models.PROTECT, related_name="problems")

    class Meta:
        verbose_name = verbose_name_plural = "名册问题"
        indexes = [models.Index(fields=["run", "severity", "kind", "id"], name="roll_problem_list")]
