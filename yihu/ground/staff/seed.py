"""What a database needs before the first person signs in: the account 系统 and the default grants."""

from __future__ import annotations

from typing import Any

from django.db import connections, transaction

from yihu.ground.staff.default_grants import CAPABILITIES
from yihu.ground.staff.models import Grant, SeededCapability
from yihu.kernel.authority import authority


def after_migrate(using: str = "default", **kwargs: Any) -> None:
    """Runs after every ``migrate`` and ``flush``; safe to run again."""
    authority().forget_system()
    if SeededCapability._meta.db_table not in connections[using].introspection.table_names():
        return
    authority().system()
    seed_grants()


def seed_grants() -> int:
    """Write the default grants of capabilities that this database has never heard of. Gives how many capabilities."""
    with transaction.atomic():
        known = set(SeededCapability.objects.values_list("code", flat=True))
        fresh = [capability for capability in CAPABILITIES if capability.code not in known]
        Grant.objects.bulk_create(
            [Grant(post_code=post, capability=one.code) for one in fresh for post in one.posts], ignore_conflicts=True
        )
        SeededCapability.objects.bulk_create([SeededCapability(code=one.code) for one in fresh], ignore_conflicts=True)
    return len(fresh)
