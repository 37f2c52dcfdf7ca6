"""Rules for passwords, each with a sentence, and the initial password that is shown once."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

SHORTEST = 10
INITIAL_DAYS = 7
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken for another when read aloud or copied by hand
RULES = f"至少 {SHORTEST} 个字符，不能全是数字，不能是常见密码，也不能包含您的用户名或姓名。可以用一句好记的话。"


class HousePassword:
    """The only validator: long, not all digits, not well known, without the person's own name."""

    def __init__(self) -> None:
        self._well_known = CommonPasswordValidator().passwords

    def validate(self, password: str, user: Any = None) -> None:
        wrong = []
        if len(password) < SHORTEST:
            wrong.append(f"密码至少要 {SHORTEST} 个字符，现在是 {len(password)} 个。")
        if password.isdigit():
            wrong.append("密码不能全是数字，请加上字母或汉字。")
        if len(set(password)) < 4:
            wrong.append("密码里重复的字符太多，请换一个。")
        if password.lower().strip() in self._well_known:
            wrong.append("这个密码太常见，容易被猜到，请换一个。")
        if _names_in(password, user):
            wrong.append("密码里不能有您的用户名、姓名或姓名拼音首字母加数字。")
        if wrong:
            raise ValidationError(wrong)

    def get_help_text(self) -> str:
        return RULES


def _names_in(password: str, user: Any) -> bool:
    text = password.lower()
    names = [getattr(user, "username", "") or "", getattr(user, "name", "") or ""]
    if any(len(name) >= 2 and name.lower() in text for name in names):
        return True
    spellings = (getattr(user, "initials", "") or "").split()
    return any(re.fullmatch(rf"{re.escape(letters)}[0-9@!._-]*", text) for letters in spellings)


def new_initial_password() -> str:
    """For one sign-in: three groups of four, e.g. k7mp-x3rd-9fhw."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))


def initial_expired(account: Any, now: datetime) -> bool:
    """An initial password that nobody used for some days is worth nothing."""
    days = getattr(settings, "YIHU_INITIAL_PASSWORD_DAYS", INITIAL_DAYS)
    given = account.password_changed_at
    return bool(account.must_change_password and given and now - given > timedelta(days=days))
