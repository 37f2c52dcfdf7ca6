"""The import of a reading sheet: the run and its tables."""

from __future__ import annotations

from django.db import models

from yihu.kernel.models.importing import ImportFile, ImportProblem, ImportRow, ImportRun


class ReadingImport(ImportRun):
    """抄表册导入: what readers wrote down in a month."""

    class Meta:
        verbose_name = verbose_name_plural = "抄表册导入"


class ReadingFile(ImportFile):
    run = models.OneToOneField(ReadingImport, models.PROTECT, primary_key=True, related_name="file")

    class Meta:
        verbose_name = verbose_name_plural = "抄表册文件"


class ReadingRow(ImportRow):
    """``outcome`` asked: a person must say what is meant."""

    run = models.ForeignKey(ReadingImport, models.PROTECT, related_name="staged")

    class Meta:
        verbose_name = verbose_name_plural = "抄表册行"
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="reading_row_once")]


class ReadingProblem(ImportProblem):
    run = models.ForeignKey(ReadingImport, models.PROTECT, related_name="problems")

    class Meta:
        verbose_name = verbose_name_plural = "抄表册问题"
        indexes = [models.Index(fields=["run", "severity", "kind", "id"], name="reading_problem_list")]
