"""What must be true of accounts, posts and grants at any time."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Q

from yihu.ground.staff.codes import POST_TITLES
from yihu.ground.staff.models import Account, Grant, Post
from yihu.kernel.invariants import invariant


@invariant("staff.system", "只有一个“系统”账号，谁也不能用它登录")
def one_system() -> Iterator[str]:
    found = list(Account.objects.filter(is_system=True))
    if len(found) != 1:
        yield f"“系统”账号有 {len(found)} 个"
    yield from (f"账号 {one.username} 可以登录" for one in found if one.has_usable_password())


@invariant("staff.machines", "接口账号不能登录，也不任职")
def machines_hold_nothing() -> Iterator[str]:
    for one in Account.objects.filter(is_machine=True):
        if one.has_usable_password():
            yield f"接口账号 {one.username} 可以登录"
        if one.posts.exists() or one.stands_in.exists():
            yield f"接口账号 {one.username} 有任职或代理"


@invariant("staff.posts", "同一人同一岗位的任职日期不重叠，部门属于任职的项目")
def posts_in_order() -> Iterator[str]:
    for post in Post.objects.filter(department__isnull=False).exclude(department__community=F("community")):
        yield f"任职 {post.pk} 的部门属于另一个项目"
    last: Post | None = None
    for post in Post.objects.order_by("account", "community", "code", "from_on", "pk"):
        same = last and (last.account_id, last.community_id, last.code) == (
            post.account_id,
            post.community_id,
            post.code,
        )
        if same and (last.to_on is None or last.to_on >= post.from_on):
            yield f"任职 {last.pk} 与 {post.pk} 的日期重叠"
        last = post


@invariant("staff.grants", "权限只给已知的岗位")
def grants_of_known_posts() -> Iterator[str]:
    for grant in Grant.objects.filter(~Q(post_code__in=POST_TITLES)):
        yield f"权限 {grant.capability} 给了不存在的岗位 {grant.post_code}"
