"""Duties of money that no one holds together in one community (domain.md §7; 会计法第35条), whatever posts they come with.

Who sets prices does not bill, who bills does not collect, who collects neither reverses nor keeps the books. Asked where a
post is given, a deputy is named, and what a post may do is changed; each step of the money asks again who did the one before.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import combinations
from typing import Any

from django.db.models import Q

from yihu.ground.staff.codes import POST_TITLES
from yihu.ground.staff.models import Account, Deputy, Grant, Post

COLLECTS, BOOKS = "ledger.collect", "ledger.books"
FOUR = {"ledger.tariff": "定价", "ledger.bill": "出账", COLLECTS: "收款", "ledger.reverse": "冲销"}
DUTIES = {**FOUR, BOOKS: "管账"}
APART = (*combinations(FOUR, 2), (COLLECTS, BOOKS))
RULE = "不能由同一个人办（会计法第三十五条、不相容岗位分离）"


def in_one_hand(duties: Iterable[str]) -> str:
    """Two of these that must be apart, in words, or ""."""
    held = set(duties)
    return next((f"{DUTIES[one]}和{DUTIES[other]}" for one, other in APART if {one, other} <= held), "")


def duties_of(codes: Iterable[str], community: Any) -> set[str]:
    """What posts of these kinds have of them in a community."""
    here = Q(community__isnull=True) | Q(community=community)
    rows = Grant.objects.filter(here, post_code__in=list(codes), capability__in=list(DUTIES))
    return set(rows.values_list("capability", flat=True))


def why_no_post(account: Account, community: Any, code: str, from_on: date, to_on: date | None) -> str:
    """Why this person cannot have this post in these days beside those he has, or stands in for; or ""."""
    mine = duties_of([code], community)
    stands_in = Deputy.objects.filter(_during(from_on, to_on), stand_in=account).values("absent")
    stood_in = Deputy.objects.filter(_during(from_on, to_on), absent=account).values("stand_in")
    others = Q(account=account) | Q(account__in=stands_in) | Q(account__in=stood_in)
    for post in _posts(from_on, to_on).filter(others, community=community).exclude(code=code):
        if both := in_one_hand(mine | duties_of([post.code], community)):
            as_what = "" if post.account_id == account.pk else "（代理）"
            return (
                f"{account} 在这段时间里还是{community}的{POST_TITLES[post.code]}{as_what}，{both}{RULE}。"
                "请另选一位，或先结束原来的任职、代理。"
            )
    return ""


def why_no_deputy(absent: Account, stand_in: Account, from_on: date, to_on: date) -> str:
    """Why this person cannot stand in for that one in these days, or ""."""
    own = list(_posts(from_on, to_on).filter(account=stand_in))
    for post in _posts(from_on, to_on).filter(account=absent):
        for mine in own:
            if mine.community_id != post.community_id:
                continue
            if both := in_one_hand(duties_of([mine.code, post.code], post.community)):
                return (
                    f"{stand_in} 是{post.community}的{POST_TITLES[mine.code]}，不能代{absent}的{POST_TITLES[post.code]}："
                    f"{both}{RULE}。请另选一位。"
                )
    return ""


def why_no_grants(post_code: str, community: Any | None, day: date) -> str:
    """Why this post cannot have what it has now, alone or with what its holders have besides; or ""."""
    places = {post.community for post in _posts(day, day).filter(code=post_code).select_related("community")}
    for place in [community] if community is not None else [None, *sorted(places, key=str)]:
        if both := in_one_hand(duties_of([post_code], place)):
            return f"{POST_TITLES[post_code]}一个岗位不能又有{both}的权限：{both}{RULE}。"
        if place is None:
            continue
        for post in _posts(day, day).filter(code=post_code, community=place).select_related("account"):
            codes = set(
                _posts(day, day).filter(account=post.account_id, community=place).values_list("code", flat=True)
            )
            if both := in_one_hand(duties_of(codes, place)):
                titles = "、".join(POST_TITLES[code] for code in sorted(codes))
                return f"{post.account} 在{place}是{titles}，这样改以后{both}在一个人手里，{both}{RULE}。请先调整任职。"
    return ""


def _during(from_on: date, to_on: date | None) -> Q:
    """Rows that are in force on some day of these."""
    begun = Q(from_on__lte=to_on) if to_on is not None else Q()
    return begun & (Q(to_on__isnull=True) | Q(to_on__gte=from_on))


def _posts(from_on: date, to_on: date | None) -> Any:
    return Post.objects.filter(_during(from_on, to_on)).select_related("community", "account").order_by("pk")
