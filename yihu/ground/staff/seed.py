"""What a database needs before the first person signs in: the account 系统 and the default grants."""

from __future__ import annotations

from typing import Any

from django.db import connections, transaction

from yihu.ground.staff.codes import POSTS
from yihu.ground.staff.default_grants import CAPABILITIES
from yihu.ground.staff.models import Grant, SeededCapability
from yihu.kernel.authority import authority

POST = "post:"  # beside capabilities, the posts that have had their first grants


def after_migrate(using: str = "default", **kwargs: Any) -> None:
    """Runs after every ``migrate`` and ``flush``; safe to run again."""
    authority().forget_system()
    if SeededCapability._meta.db_table not in connections[using].introspection.table_names():
        return
    authority().system()
    seed_grants()


def seed_grants() -> int:
    """Write the default grants of capabilities and posts that this database has never heard of. Gives how many of both.
    What a company took from a post that was there already does not come back."""
    with transaction.atomic():
        known = set(SeededCapability.objects.values_list("code", flat=True))
        posts = {code.removeprefix(POST) for code in known if code.startswith(POST)} or _posts_with_grants()
        fresh = [capability.code for capability in CAPABILITIES if capability.code not in known]
        fresh += [f"{POST}{code}" for code, _ in POSTS if f"{POST}{code}" not in known]
        grants = [
            Grant(post_code=post, capability=one.code)
            for one in CAPABILITIES
            for post in one.posts
            if one.code not in known or post not in posts
        ]
        Grant.objects.bulk_create(grants, ignore_conflicts=True)
        SeededCapability.objects.bulk_create([SeededCapability(code=code) for code in fresh], ignore_conflicts=True)
    return len(fresh)


def _posts_with_grants() -> set[str]:
    """An installation of the time before posts were noted down."""
    return set(Grant.objects.values_list("post_code", flat=True))
