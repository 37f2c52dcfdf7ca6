"""The database itself refuses to change a voucher once it is drawn up."""

from typing import Any

from django.db import migrations

from yihu.kernel.only_added import allow_changes, forbid_changes

TABLES = ("bookkeeping_slip", "bookkeeping_slipline")


def create(apps: Any, schema_editor: Any) -> None:
    for table in TABLES:
        forbid_changes(schema_editor, table)


def drop(apps: Any, schema_editor: Any) -> None:
    for table in TABLES:
        allow_changes(schema_editor, table)


class Migration(migrations.Migration):
    dependencies = [("bookkeeping", "0001_month_books")]

    operations = [migrations.RunPython(create, drop)]
