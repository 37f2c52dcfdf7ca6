"""Who works here: accounts, departments, dated posts and deputies, and what each post may do."""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from yihu.basics.names import initials
from yihu.ground.staff.codes import DEPARTMENTS, POSTS
from yihu.kernel.authority import Grants, grants_of
from yihu.kernel.personal import PersonalField

USERNAME = re.compile(r"[a-z0-9一-鿿][a-z0-9一-鿿._-]{1,31}")


def plain_username(text: str) -> str:
    """As a username is kept and looked up: full-width letters narrowed, small letters, no blanks around."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def new_nonce() -> str:
    return secrets.token_hex(16)


def in_force(day: date, path: str = "") -> Q:
    """The rows whose from_on … to_on contain the day; ``path`` leads to them (``posts__``)."""
    not_over = Q(**{f"{path}to_on__isnull": True}) | Q(**{f"{path}to_on__gte": day})
    return Q(**{f"{path}from_on__lte": day}) & not_over


class AccountManager(BaseUserManager["Account"]):
    """Looks a name up as a person types it."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username=plain_username(username or ""))

    def people(self) -> models.QuerySet[Account]:
        """Everybody but the program itself and other programs."""
        return self.filter(is_system=False, is_machine=False)

    def make(self, username: str, name: str, *, password: str | None = None, **facts: Any) -> Account:
        """A new account. Without a password nobody can sign in to it."""
        account = self.model(username=username, name=name, **facts)
        account.set_password(password)
        account.password_changed_at = timezone.now()
        account.full_clean(exclude=["password"])
        account.save(force_insert=True)
        return account


class Account(AbstractBaseUser):
    """账号: one person who signs in, the program itself (系统), or another program that comes with a token (接口)."""

    last_login = None

    username = models.CharField(
        "用户名",
        max_length=32,
        unique=True,
        validators=[
            RegexValidator(rf"^{USERNAME.pattern}$", "用户名用 2 到 32 个小写字母、数字或汉字，中间可以有点、横线。")
        ],
        error_messages={"unique": "这个用户名已经有人用了，请换一个。"},
    )
    name = models.CharField("姓名", max_length=40, error_messages={"blank": "请填写姓名。"})
    initials = models.CharField("拼音首字母", max_length=80, blank=True, editable=False)
    phone = PersonalField("电话", kind="phone", blank=True)
    is_active = models.BooleanField("在用", default=True)
    is_system = models.BooleanField("程序自身", default=False, editable=False)
    is_machine = models.BooleanField("接口账号", default=False, editable=False)
    must_change_password = models.BooleanField("须先改初始密码", default=True, editable=False)
    password_changed_at = models.DateTimeField("密码设置时间", null=True, editable=False)
    session_nonce = models.CharField(max_length=32, default=new_nonce, editable=False)

    objects = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = verbose_name_plural = "人员"
        constraints = [
            models.CheckConstraint(condition=Q(username=Lower("username")), name="staff_username_small"),
            models.UniqueConstraint(fields=["is_system"], condition=Q(is_system=True), name="staff_one_system"),
        ]
        indexes = [models.Index(fields=["initials"], name="staff_initials")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.username = plain_username(self.username)
        self.name = unicodedata.normalize("NFKC", self.name).strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.username = plain_username(self.username)
        self.initials = initials(self.name)[:80]
        if kwargs.get("update_fields") and "name" in kwargs["update_fields"]:
            kwargs["update_fields"] = {*kwargs["update_fields"], "initials"}
        super().save(*args, **kwargs)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        self.__dict__.pop("_grants", None)
        super().refresh_from_db(*args, **kwargs)

    @property
    def is_person(self) -> bool:
        return not self.is_system and not self.is_machine

    @property
    def grants(self) -> Grants:
        return grants_of(self)

    def may(self, capability: str, community: Any = None) -> bool:
        """Has the capability in the community (an object or its id), or in any of them."""
        return self.grants.may(capability, getattr(community, "pk", community))

    def sign_out_everywhere(self) -> None:
        """Every session of this account ends at its next request. The caller saves ``session_nonce``."""
        self.session_nonce = new_nonce()

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        """A session lasts only while neither the password nor the nonce has changed."""
        return salted_hmac(
            "yihu.ground.staff.session", self.password + self.session_nonce, secret=secret, algorithm="sha256"
        ).hexdigest()


class Department(models.Model):
    """部门 of one community; the company gives it its own name (安环部, 秩序部, 护卫队)."""

    community = models.ForeignKey(
        "estate.Community", models.PROTECT, related_name="departments", verbose_name="管理项目"
    )
    code = models.CharField("部门", max_length=20, choices=DEPARTMENTS)
    name = models.CharField("本项目的叫法", max_length=20)

    class Meta:
        verbose_name = verbose_name_plural = "部门"
        constraints = [models.UniqueConstraint(fields=["community", "code"], name="staff_department_once")]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """任职: an account holds a post in a community from one day, until another."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="posts", verbose_name="人员")
    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="posts", verbose_name="管理项目")
    code = models.CharField("岗位", max_length=30, choices=POSTS)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name="部门"
    )
    from_on = models.DateField("任职日期")
    to_on = models.DateField("最后一天", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="staff_post_days"
            ),
            models.UniqueConstraint(
                fields=["account", "community", "code"], condition=Q(to_on__isnull=True), name="staff_post_once"
            ),
        ]
        indexes = [models.Index(fields=["community", "code"], name="staff_post_holders")]

    def __str__(self) -> str:
        return self.get_code_display()


class Grant(models.Model):
    """岗位权限: a post may do something; without a community, in all of them."""

    post_code = models.CharField("岗位", max_length=30, choices=POSTS)
    capability = models.CharField("权限", max_length=60)
    community = models.ForeignKey(
        "estate.Community", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="管理项目"
    )

    class Meta:
        verbose_name = verbose_name_plural = "岗位权限"
        constraints = [
            models.UniqueConstraint(fields=["post_code", "capability", "community"], name="staff_grant_once"),
            models.UniqueConstraint(
                fields=["post_code", "capability"],
                condition=Q(community__isnull=True),
                name="staff_grant_once_everywhere",
            ),
        ]
        indexes = [models.Index(fields=["capability"], name="staff_grant_capability")]

    def __str__(self) -> str:
        return f"{self.post_code} {self.capability}"


class SeededCapability(models.Model):
    """A capability whose default grants were written once; what the company edited since is never written again."""

    code = models.CharField(max_length=60, unique=True)

    def __str__(self) -> str:
        return self.code


class Deputy(models.Model):
    """代理: for some days one person stands in for another, in all of that person's posts."""

    absent = models.ForeignKey(Account, models.PROTECT, related_name="deputies", verbose_name="被代理人")
    stand_in = models.ForeignKey(Account, models.PROTECT, related_name="stands_in", verbose_name="代理人")
    from_on = models.DateField("开始日期")
    to_on = models.DateField("最后一天")

    class Meta:
        verbose_name = verbose_name_plural = "代理"
        constraints = [
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="staff_deputy_days"),
            models.CheckConstraint(condition=~Q(absent=F("stand_in")), name="staff_deputy_other"),
        ]
        indexes = [models.Index(fields=["stand_in", "from_on", "to_on"], name="staff_deputy_today")]

    def __str__(self) -> str:
        return f"{self.stand_in}代{self.absent}"
