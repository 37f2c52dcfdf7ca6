"""How people, posts, deputies and grants are changed: each act is one command, checked, with a line in the journal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from yihu.ground.staff import apart
from yihu.ground.staff.codes import DEPARTMENT_NAMES, POST_TITLES, USUAL_DEPARTMENT
from yihu.ground.staff.default_grants import label_of
from yihu.ground.staff.models import Account, Department, Deputy, Grant, Post, in_force
from yihu.ground.staff.passwords import new_initial_password
from yihu.ground.staff.throttle import forget_tries
from yihu.kernel.authority import grants_of, is_system
from yihu.kernel.doors import command
from yihu.kernel.errors import NotAllowed, Refused

MANAGE = "staff.manage"
ACCOUNT, GRANTS, DEPARTMENTS = "staff.account", "staff.grant", "staff.department"
EVERYWHERE = "all"


# People --------------------------------------------------------------------------------------------------------------
def add_person(
    account: Account, *, by: Any, key: str | None = None, at: datetime | None = None, password: str = ""
) -> str:
    """A new colleague, who has no post yet. Gives the initial password, which stands nowhere else; "" on a repeat.

    A ``password`` handed in is final: for demonstrations and tests.
    """
    _may_manage_somewhere(by)
    with command(by=by, key=key, at=at, verb="staff.add", body=[account.username, account.name]) as cmd:
        if cmd.replayed:
            account.pk = cmd.stored.answer_id
            return ""
        password = _give_password(account, password)
        account.save(force_insert=True)
        cmd.note(cmd.book(ACCOUNT, account.pk), f"{by} 建立账号 {account.username}（{account.name}）", step="add")
        cmd.answer(account)
    return password


def rename(account: Account, changed: Iterable[str], *, by: Any, key: str | None = None) -> None:
    """Name, username or telephone were corrected; ``account`` carries the new values, ``changed`` names them."""
    require_over(by, account)
    names = [name for name in changed if name in ("name", "username", "phone")]
    before = Account.objects.get(pk=account.pk)
    with command(by=by, key=key, verb="staff.rename", body=[account.pk, account.name, account.username, names]) as cmd:
        if cmd.replayed or not names:
            return
        account.save(update_fields=names)
        differences = {name: [getattr(before, name), getattr(account, name)] for name in names if name != "phone"}
        labels = "、".join(str(Account._meta.get_field(name).verbose_name) for name in names)
        cmd.note(cmd.book(ACCOUNT, account.pk), f"{by} 更正{labels}", differences, step="rename")


def reset_password(account: Account, *, by: Any, key: str | None = None) -> str:
    """A new initial password; every session of the account ends. "" on a repeat: the password was shown once."""
    require_over(by, account)
    _not_oneself(by, account, "请在右上角用“修改密码”更改自己的密码。")
    with command(by=by, key=key, verb="staff.reset", body=[account.pk]) as cmd:
        if cmd.replayed:
            return ""
        password = _give_password(account)
        account.save(update_fields=["password", "must_change_password", "password_changed_at", "session_nonce"])
        forget_tries(account.username)
        cmd.note(cmd.book(ACCOUNT, account.pk), f"{by} 重置了密码", step="reset")
    return password


def change_password(account: Account, new: str) -> None:
    """The person's own doing. All other sessions end."""
    with command(by=account, verb="staff.password", body=[account.pk]) as cmd:
        account.set_password(new)
        account.must_change_password = False
        account.password_changed_at = timezone.now()
        account.sign_out_everywhere()
        account.save(update_fields=["password", "must_change_password", "password_changed_at", "session_nonce"])
        cmd.note(cmd.book(ACCOUNT, account.pk), f"{account} 修改了自己的密码", step="password")


def deactivate(account: Account, *, by: Any, key: str | None = None) -> None:
    """离职: nobody signs in to it any more, posts and deputies end today; the name stays on what was done."""
    require_over(by, account)
    _not_oneself(by, account, "不能停用自己的账号，请另一位管理员办理。")
    today = timezone.localdate()
    with command(by=by, key=key, verb="staff.deactivate", body=[account.pk]) as cmd:
        if cmd.replayed:
            return
        account.is_active = False
        account.sign_out_everywhere()
        account.save(update_fields=["is_active", "session_nonce"])
        Post.objects.filter(Q(to_on__isnull=True) | Q(to_on__gt=today), account=account, from_on__lte=today).update(
            to_on=today
        )
        Post.objects.filter(account=account, from_on__gt=today).delete()
        Deputy.objects.filter(Q(absent=account) | Q(stand_in=account), from_on__lte=today, to_on__gt=today).update(
            to_on=today
        )
        Deputy.objects.filter(Q(absent=account) | Q(stand_in=account), from_on__gt=today).delete()
        cmd.note(cmd.book(ACCOUNT, account.pk), f"{by} 停用账号，任职和代理到今天为止", step="deactivate")


def reactivate(account: Account, *, by: Any, key: str | None = None) -> str:
    """Back at work: a new initial password; posts are given anew."""
    require_over(by, account)
    with command(by=by, key=key, verb="staff.reactivate", body=[account.pk]) as cmd:
        if cmd.replayed:
            return ""
        account.is_active = True
        password = _give_password(account)
        account.save()
        cmd.note(cmd.book(ACCOUNT, account.pk), f"{by} 重新启用账号", step="reactivate")
    return password


def unlock(account: Account, *, by: Any, key: str | None = None) -> None:
    """Wrong passwords are forgotten, the next try is heard at once."""
    require_over(by, account)
    with command(by=by, key=key, verb="staff.unlock", body=[account.pk]) as cmd:
        if not cmd.replayed and forget_tries(account.username):
            cmd.note(cmd.book(ACCOUNT, account.pk), f"{by} 解除了登录锁定", step="unlock")


# Posts ---------------------------------------------------------------------------------------------------------------
def give_post(
    account: Account,
    community: Any,
    code: str,
    *,
    by: Any,
    from_on: date,
    to_on: date | None = None,
    department: str = "",
    key: str | None = None,
    at: datetime | None = None,
) -> Post | None:
    """任职. The department is the post's usual one unless another is named. None on a repeat."""
    require_in(by, community.pk)
    _not_oneself(by, account, "不能给自己任职，请另一位管理员办理。")
    if not account.is_active or not account.is_person:
        raise Refused(f"{account} 的账号已停用，请先重新启用再任职。")
    body = [account.pk, community.pk, code, from_on, to_on, department]
    with command(by=by, key=key, at=at, verb="staff.give_post", body=body) as cmd:
        if cmd.replayed:
            return None
        book = cmd.book(ACCOUNT, account.pk)  # taken first: two administrators who do the same meet here
        clash = Post.objects.filter(
            Q(to_on__isnull=True) | Q(to_on__gte=from_on), account=account, community=community, code=code
        )
        if to_on:
            clash = clash.filter(from_on__lte=to_on)
        if clash.exists():
            raise Refused(f"{account} 在这段时间里已经是{community}的{POST_TITLES[code]}，请先结束原来的任职。")
        if sentence := apart.why_no_post(account, community, code, from_on, to_on):
            raise Refused(sentence)
        post = Post.objects.create(
            account=account,
            community=community,
            code=code,
            department=_department(community, department or USUAL_DEPARTMENT[code]),
            from_on=from_on,
            to_on=to_on,
        )
        until = f"，到 {to_on} 为止" if to_on else ""
        sentence = f"{by} 任命为{community}{POST_TITLES[code]}，自 {from_on} 起{until}"
        cmd.note(book, sentence, step="give_post")
        cmd.answer(post)
    return post


def end_post(post: Post, to_on: date, *, by: Any, key: str | None = None) -> None:
    """离任 at the end of a day; a post that has not begun by then is taken back."""
    require_in(by, post.community_id)
    _not_oneself(by, post.account, "不能更改自己的任职，请另一位管理员办理。")
    with command(by=by, key=key, verb="staff.end_post", body=[post.pk, to_on]) as cmd:
        if cmd.replayed:
            return
        words = f"{post.community}{post.get_code_display()}"
        if to_on < post.from_on:
            Post.objects.filter(pk=post.pk).delete()
            cmd.note(
                cmd.book(ACCOUNT, post.account_id),
                f"{by} 撤回任命：{words}（原定自 {post.from_on} 起）",
                step="end_post",
            )
            return
        Post.objects.filter(pk=post.pk).update(to_on=to_on)
        before = str(post.to_on or "")
        cmd.note(
            cmd.book(ACCOUNT, post.account_id),
            f"{by} 结束任职：{words}，最后一天 {to_on}",
            {"to_on": [before, str(to_on)]},
            step="end_post",
        )


def appoint_deputy(
    absent: Account, stand_in: Account, *, by: Any, from_on: date, to_on: date, key: str | None = None
) -> Deputy | None:
    """代理: in all posts of the absent person, for some days. None on a repeat."""
    require_over(by, absent)
    _not_oneself(by, stand_in, "不能让自己代理别人的岗位，请另一位管理员办理。")
    if absent.pk == stand_in.pk:
        raise Refused("代理人不能是本人，请另选一位。")
    if not stand_in.is_active or not stand_in.is_person:
        raise Refused(f"{stand_in} 的账号已停用，不能代理。")
    with command(by=by, key=key, verb="staff.deputy", body=[absent.pk, stand_in.pk, from_on, to_on]) as cmd:
        if cmd.replayed:
            return None
        book = cmd.book(ACCOUNT, absent.pk)
        if Deputy.objects.filter(absent=absent, stand_in=stand_in, from_on__lte=to_on, to_on__gte=from_on).exists():
            raise Refused(f"这段时间里已经安排 {stand_in} 代理 {absent}。")
        if sentence := apart.why_no_deputy(absent, stand_in, from_on, to_on):
            raise Refused(sentence)
        deputy = Deputy.objects.create(absent=absent, stand_in=stand_in, from_on=from_on, to_on=to_on)
        sentence = f"{by} 安排 {stand_in} 代 {absent}，{from_on} 至 {to_on}"
        cmd.note(book, sentence, step="deputy")
        cmd.note(cmd.book(ACCOUNT, stand_in.pk), sentence, step="deputy")
        cmd.answer(deputy)
    return deputy


def end_deputy(deputy: Deputy, *, by: Any, key: str | None = None) -> None:
    """The absent person is back: the deputy's last day is today, or it never begins."""
    require_over(by, deputy.absent)
    today = timezone.localdate()
    with command(by=by, key=key, verb="staff.end_deputy", body=[deputy.pk]) as cmd:
        if cmd.replayed:
            return
        if deputy.from_on >= today:
            Deputy.objects.filter(pk=deputy.pk).delete()
        else:
            Deputy.objects.filter(pk=deputy.pk, to_on__gte=today).update(to_on=date.fromordinal(today.toordinal() - 1))
        sentence = f"{by} 结束代理：{deputy.stand_in} 代 {deputy.absent}"
        for person_id in (deputy.absent_id, deputy.stand_in_id):
            cmd.note(cmd.book(ACCOUNT, person_id), sentence, step="end_deputy")


# Grants and departments ----------------------------------------------------------------------------------------------
def set_grants(
    post_code: str, community: Any | None, *, add: set[str], remove: set[str], by: Any, key: str | None = None
) -> None:
    """What a post may do, everywhere or in one community. Only differences are written: two editors undo nothing."""
    require_everywhere(by) if community is None else require_in(by, community.pk)
    place = EVERYWHERE if community is None else str(community.pk)
    with command(by=by, key=key, verb="staff.grants", body=[post_code, place, sorted(add), sorted(remove)]) as cmd:
        if cmd.replayed:
            return
        rows = Grant.objects.filter(post_code=post_code, community=community)
        held = set(rows.values_list("capability", flat=True))
        added, removed = sorted(add - held), sorted(remove & held)
        if not added and not removed:
            return
        rows.filter(capability__in=removed).delete()
        Grant.objects.bulk_create([Grant(post_code=post_code, capability=one, community=community) for one in added])
        _somebody_still_manages()
        if added and (sentence := apart.why_no_grants(post_code, community, timezone.localdate())):
            raise Refused(sentence)
        where = "全公司" if community is None else str(community)
        words = [f"增加{'、'.join(map(label_of, added))}"] if added else []
        words += [f"取消{'、'.join(map(label_of, removed))}"] if removed else []
        cmd.note(
            cmd.book(GRANTS, f"{place}/{post_code}"),
            f"{by} 改{where}{POST_TITLES[post_code]}的权限：{'；'.join(words)}",
            {one: ["", "有"] for one in added} | {one: ["有", ""] for one in removed},
            step="grants",
        )


def name_departments(community: Any, names: dict[str, str], *, by: Any, key: str | None = None) -> None:
    """How the departments are called here."""
    require_in(by, community.pk)
    with command(by=by, key=key, verb="staff.departments", body=[community.pk, names]) as cmd:
        if cmd.replayed:
            return
        changed = {}
        for code, name in names.items():
            department = _department(community, code)
            if department.name != name:
                changed[code] = [department.name, name]
                Department.objects.filter(pk=department.pk).update(name=name)
        if changed:
            words = "、".join(f"{old} → {new}" for old, new in changed.values())
            cmd.note(
                cmd.book(DEPARTMENTS, community.pk), f"{by} 改部门名称：{words}"[:500], changed, step="departments"
            )


# Who may ------------------------------------------------------------------------------------------------------------
def require_in(by: Any, community_id: int) -> None:
    if not grants_of(by).may(MANAGE, community_id):
        raise NotAllowed("您不能管理这个项目的人员，请找系统管理员。")


def require_over(by: Any, account: Account) -> None:
    """Over a person: in every community where he holds or is to hold a post; over one without a post, anywhere."""
    if is_system(by):
        return
    if not account.is_person or not may_manage(by, account):
        raise NotAllowed("您不能管理这位同事的账号，请找其所在项目的系统管理员。")


def may_manage(by: Any, account: Account) -> bool:
    if is_system(by):
        return True
    own = grants_of(by).communities_with(MANAGE)
    today = timezone.localdate()
    places = set(
        Post.objects.filter(Q(to_on__isnull=True) | Q(to_on__gte=today), account=account).values_list(
            "community_id", flat=True
        )
    )
    return bool(own) and places <= own


def may_edit_everywhere(by: Any) -> bool:
    """The company-wide matrix touches every community that has people."""
    places = set(Post.objects.filter(in_force(timezone.localdate())).values_list("community_id", flat=True))
    own = grants_of(by).communities_with(MANAGE)
    return is_system(by) or (bool(own) and places <= own)


def require_everywhere(by: Any) -> None:
    if not may_edit_everywhere(by):
        raise NotAllowed("全公司的权限只能由管理所有项目的系统管理员修改；您可以为自己的项目单独增加权限。")


def _may_manage_somewhere(by: Any) -> None:
    if not grants_of(by).may(MANAGE):
        raise NotAllowed("您不能建立账号，请找系统管理员。")


def _not_oneself(by: Any, account: Account, sentence: str) -> None:
    if by.pk == account.pk:
        raise NotAllowed(sentence)


def _somebody_still_manages() -> None:
    today = timezone.localdate()
    codes = Grant.objects.filter(capability=MANAGE, community__isnull=True).values("post_code")
    if not Post.objects.filter(in_force(today), code__in=codes, account__is_active=True).exists():
        raise Refused("这样改以后就没有人能管理人员和权限了，没有保存。请至少留一个有人任职的岗位。")


def _give_password(account: Account, final: str = "") -> str:
    password = final or new_initial_password()
    account.set_password(password)
    account.must_change_password = not final
    account.password_changed_at = timezone.now()
    account.sign_out_everywhere()
    return password


def _department(community: Any, code: str) -> Department | None:
    if not code:
        return None
    return Department.objects.get_or_create(community=community, code=code, defaults={"name": DEPARTMENT_NAMES[code]})[
        0
    ]
