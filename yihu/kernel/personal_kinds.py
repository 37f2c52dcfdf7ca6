"""The kinds of personal values: how each is brought to one form, checked where it is typed, and masked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from yihu.basics import identity
from yihu.basics.numerals import half_width

LONGEST = 40


@dataclass(frozen=True)
class Kind:
    """``known`` gives the one form of a value, or "" where the text is none; ``wrong`` is the sentence then."""

    name: str
    known: Callable[[str], str]
    masking: Callable[[str], str]
    wrong: str
    keyboard: str
    words: bool = False  # whole sentences: stars in them are no mask

    def normal(self, typed: str) -> str:
        """The one form of what was typed; raises ValidationError, never with the value in it."""
        normal = self.known(typed)
        if typed.strip() and not normal:
            raise ValidationError(self.wrong, code="invalid")
        return normal

    def tolerant(self, text: str) -> str:
        """The one form, or the text as it came: half a number in an old register is kept, and listed as a gap."""
        return self.known(text) or half_width(text).strip()[:LONGEST]

    def fold(self, text: str) -> str:
        """Letters and digits only, for comparing endings."""
        return "".join(filter(str.isalnum, half_width(text))).upper()

    def mask(self, clear: str) -> str:
        return self.masking(clear) if clear else ""


def _known_id(text: str) -> str:
    # a wrong check digit is a gap to be asked about, not a reason to refuse; a text that is no number is refused
    number = identity.normal_id(text)
    return number if re.fullmatch(r"[0-9A-Z]{6,20}", number) else ""


def _known_account(text: str) -> str:
    number = identity.normal_id(text)
    return number if re.fullmatch(r"[0-9]{8,30}", number) else ""


_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


def _known_address(text: str) -> str:
    """Where a message reaches a person: a telephone, an e-mail address, or the number by which a service knows him."""
    plain = half_width(text).strip()
    if "@" in plain:
        local, _, domain = plain.rpartition("@")
        return f"{local}@{domain.lower()}" if len(plain) <= 80 and _MAIL.fullmatch(plain) else ""
    return identity.normal_phone(plain) or (plain if re.fullmatch(r"[A-Za-z0-9_.-]{4,80}", plain) else "")


def _mask_address(clear: str) -> str:
    """z***@example.com, 138****8112, oX****9q."""
    if "@" in clear:
        local, _, domain = clear.rpartition("@")
        return f"{local[:1]}***@{domain}"
    return identity.mask_phone(clear) if identity.normal_phone(clear) else f"{clear[:2]}****{clear[-2:]}"


def mask_id(number: str) -> str:
    """110105********5647: district and last four, as on a ticket."""
    if len(number) < 15:
        return identity.mask_id(number)
    return number[:6] + "*" * (len(number) - 10) + number[-4:]


KINDS: Mapping[str, Kind] = {
    "phone": Kind(
        "phone", identity.normal_phone, identity.mask_phone,
        "电话号码不对：手机为 11 位，座机请带区号，例如 0571-88886666。", "tel",
    ),
    "id": Kind("id", _known_id, mask_id, "证件号码不对：身份证为 18 位，请核对。", "text"),
    "address": Kind(
        "address", _known_address, _mask_address, "号码或地址不对：请填手机号码、邮箱，或服务里的用户编号。", "text",
    ),
    "text": Kind("text", lambda text: text, lambda clear: "（已锁定）", "请填写内容。", "text", words=True),  # words locked away
    "bank": Kind("bank", _known_account, identity.mask_account, "银行账号不对：只填数字，请核对。", "numeric"),
}  # fmt: skip
