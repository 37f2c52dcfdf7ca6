"""Whether an address suits its way, in a sentence for who types it. Every other check is the field's own."""

from __future__ import annotations

from typing import Any

from yihu.basics.identity import is_mobile
from yihu.ground.sending.models import Way
from yihu.kernel.masked import Masked


def wrong(way: str, address: Any, *, needed: bool) -> str:
    """``address`` is what was typed just now, or the kept value that stays; ``needed``: nothing is known yet."""
    if not address:
        return f"请填写{NOUN[Way(way)]}。" if needed else ""
    if isinstance(address, Masked):
        return ""
    if way == Way.SMS and not is_mobile(str(address)):
        return "短信只能发到手机，请填 11 位手机号码。"
    if way == Way.MAIL and "@" not in str(address):
        return "邮箱地址不对，例如 zhao@example.com。"
    return ""


NOUN = {
    Way.SMS: "手机号码", Way.MAIL: "邮箱地址", Way.WECOM: "企业微信账号", Way.WECHAT: "微信编号（公众号里的用户编号）",
    Way.PUSH: "手机推送编号",
}  # fmt: skip
