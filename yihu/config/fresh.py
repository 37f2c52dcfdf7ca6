"""An empty database is built from the tables as they stand, not by repeating their history.

Django draws up every related model anew for each step of each migration: with N tables that is some N² (a minute of
processor time at 260 tables, a few seconds this way). What only migrations can do (triggers, collations, the text index:
``RunPython``) is done as they do it, in their order, and all of them are then written down as applied.
``tests/config/test_fresh.py`` compares what comes out with what the migrations make.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.apps import apps
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunPython
from django.db.migrations.recorder import MigrationRecorder

OURS = "yihu."


def is_empty(connection: Any) -> bool:
    return not connection.introspection.table_names()


def build(connection: Any) -> None:
    """All tables, all that is done besides, and the list of migrations, in one transaction."""
    executor = MigrationExecutor(connection)
    plan = [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    codes = [operation.code for migration in plan if _is_ours(migration) for operation in _programs(migration)]
    recorder = MigrationRecorder(connection)
    with ExitStack() as stack:
        for code in codes:
            stack.enter_context(_compared_bytewise(connection, getattr(code, "bytewise", {})))
        editor = stack.enter_context(connection.schema_editor())
        for model in apps.get_models():
            if model._meta.can_migrate(connection) and not model._meta.proxy:
                editor.create_model(model)
        editor.create_model(recorder.Migration)
        for code in codes:
            if not hasattr(code, "bytewise"):
                code(apps, editor)
        for migration in plan:
            recorder.record_applied(migration.app_label, migration.name)


def _is_ours(migration: Any) -> bool:
    return apps.get_app_config(migration.app_label).name.startswith(OURS)


def _programs(migration: Any) -> Iterator[Any]:
    return (operation for operation in migration.operations if isinstance(operation, RunPython))


@contextmanager
def _compared_bytewise(connection: Any, tables: dict[str, Any]) -> Iterator[None]:
    """On PostgreSQL these columns are made with the collation that the migration gives them later."""
    columns = [
        field
        for model in apps.get_models()
        if connection.vendor == "postgresql" and model._meta.db_table in tables
        for field in model._meta.local_concrete_fields
        if field.column in tables[model._meta.db_table]
    ]
    for field in columns:
        field.db_collation = "C"  # type: ignore[union-attr]
    try:
        yield
    finally:
        for field in columns:
            field.db_collation = None  # type: ignore[union-attr]
