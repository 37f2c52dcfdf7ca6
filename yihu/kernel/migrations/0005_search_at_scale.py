"""What is asked of the text index, kept beside it on PostgreSQL: positions, and marks of kind, community and block.

A mark begins with @, which no cut text holds, so nobody can type one. Full-text phrases no longer cut their hits anew, and
a question that is led to one community or to the newest blocks of numbers reads little of a common word.
"""

from typing import Any

from django.db import migrations

# 4,096 entries to a block; ``search.NEWEST_POSTGRESQL`` asks for the last four
FORWARD = (
    """ALTER TABLE kernel_searchentry ADD COLUMN words tsvector GENERATED ALWAYS AS (
        to_tsvector('simple', grams) || array_to_tsvector(ARRAY[
            '@' || kind::text, '@c' || coalesce(community_id::text, ''), '@b' || (id >> 12)::text])) STORED""",
    "DROP INDEX kernel_searchentry_text",
    # a short list of what is not yet sorted in: every question reads it from end to end
    "CREATE INDEX kernel_searchentry_words ON kernel_searchentry USING gin (words) WITH (gin_pending_list_limit = 256)",
)
BACKWARD = (
    "ALTER TABLE kernel_searchentry DROP COLUMN words",
    "CREATE INDEX kernel_searchentry_text ON kernel_searchentry USING gin (to_tsvector('simple', grams))",
)


def _execute(schema_editor: Any, statements: tuple[str, ...]) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for statement in statements:
            schema_editor.execute(statement, params=None)


def forward(apps: Any, schema_editor: Any) -> None:
    _execute(schema_editor, FORWARD)


def backward(apps: Any, schema_editor: Any) -> None:
    _execute(schema_editor, BACKWARD)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_deadline_pauses")]
    operations = [migrations.RunPython(forward, backward)]
