"""The import of a desk's register: the run, its lines, and which contact came of which line."""

from __future__ import annotations

from django.db import models

from yihu.kernel.models.importing import ImportFile, ImportProblem, ImportRow, ImportRun


class ContactImport(ImportRun):
    """接待登记导入: the register that the desk kept before, as a table."""

    class Meta:
        verbose_name = verbose_name_plural = "接待登记导入"


class ContactFile(ImportFile):
    run = models.OneToOneField(ContactImport, models.PROTECT, primary_key=True, related_name="file")

    class Meta:
        verbose_name = verbose_name_plural = "接待登记文件"


class ContactRow(ImportRow):
    run = models.ForeignKey(ContactImport, models.PROTECT, related_name="staged")

    class Meta:
        verbose_name = verbose_name_plural = "接待登记行"
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="contact_row_once")]


class ContactProblem(ImportProblem):
    run = models.ForeignKey(ContactImport, models.PROTECT, related_name="problems")

    class Meta:
        verbose_name = verbose_name_plural = "接待登记问题"
        indexes = [models.Index(fields=["run", "severity", "kind", "id"], name="contact_problem_list")]


class ContactLine(models.Model):
    """A line that has become a contact: the same line, in whatever file and encoding it comes again, adds nothing."""

    run = models.ForeignKey(ContactImport, models.PROTECT, related_name="lines")
    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", db_index=False)
    digest = models.CharField(max_length=64, editable=False)  # blind: nobody reads a telephone out of it
    contact = models.OneToOneField("reception.Contact", models.PROTECT, related_name="brought_in")

    class Meta:
        verbose_name = verbose_name_plural = "已导入的接待"
        constraints = [models.UniqueConstraint(fields=["community", "digest"], name="contact_line_once")]

    def __str__(self) -> str:
        return str(self.contact)
