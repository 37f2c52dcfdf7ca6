"""The database itself refuses to change a line of the maintenance fund."""

from typing import Any

from django.db import migrations

from yihu.kernel.only_added import allow_changes, forbid_changes

TABLE = "spending_fundentry"


def create(apps: Any, schema_editor: Any) -> None:
    forbid_changes(schema_editor, TABLE)


def drop(apps: Any, schema_editor: Any) -> None:
    allow_changes(schema_editor, TABLE)


class Migration(migrations.Migration):
    dependencies = [("spending", "0004_reviews")]

    operations = [migrations.RunPython(create, drop)]
