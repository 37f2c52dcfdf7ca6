"""Money in integer 分 in the database and in 元 on paper; one way to round and one way to divide.

Source: design §7 and domain handbook §5.3; capital figures after the banks' rules for filling in slips
(正确填写票据和结算凭证的基本规定).
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from yihu.basics.numerals import half_width

LIMIT_FEN = 10**18  # 一万万亿元 is more than any estate owes, and still fits a 64-bit integer

_TYPED = re.compile(r"[¥￥]?([+-]?)[¥￥]?(\d+|\d{1,3}(?:,\d{3})+)?(?:\.(\d*))?元?", re.ASCII)


class MoneyError(ValueError):
    """An amount that cannot be taken as it stands; its text is a sentence to the clerk."""


def round_half_up(value: Decimal | Fraction) -> int:
    """The nearest integer; halves go away from zero, so that a reversal is exactly the negative.

    Raises MoneyError for a value that is not a finite number.
    """
    exact = _exact(value)
    whole = (abs(exact) * 2 + 1) // 2
    return whole if exact >= 0 else -whole


def _exact(value: Decimal | Fraction | int) -> Fraction:
    try:
        return Fraction(value)
    except (ValueError, OverflowError):
        raise MoneyError("金额不是一个数。") from None


def fen(yuan_amount: str | Decimal | int) -> int:
    """元 as typed or computed, to 分: "1,234.50" or "￥1234.5元" is 123450.

    Raises MoneyError for what is no amount, has more than two decimals, or exceeds the limit; nothing is rounded here.
    """
    if isinstance(yuan_amount, str):
        amount = _typed(yuan_amount)
    else:
        amount = _exact(yuan_amount)
    scaled = amount * 100
    if scaled.denominator != 1:
        raise MoneyError("金额最多两位小数，请精确到分。")
    if abs(scaled) >= LIMIT_FEN:
        raise MoneyError("金额太大，请核对。")
    return int(scaled)


def _typed(text: str) -> Fraction:
    plain = re.sub(r"\s", "", half_width(text).replace("\u2212", "-"))
    found = _TYPED.fullmatch(plain)
    if not found or not (found[2] or found[3]):
        shown = plain if len(plain) <= 20 else plain[:20] + "…"
        raise MoneyError(f"“{shown}”不是金额，请填写数字，例如 1234.50。" if plain else "请填写金额。")
    sign, whole, decimals = found[1], (found[2] or "0").replace(",", ""), found[3] or ""
    if len(decimals) > 2:
        raise MoneyError("金额最多两位小数，请精确到分。")
    if len(whole) > 20:
        raise MoneyError("金额太大，请核对。")
    return Fraction(f"{sign}{whole}.{decimals or 0}")


def yuan(amount_fen: int) -> str:
    """分 as 元 with thousands separators and two decimals: -123450 is "-1,234.50"."""
    whole, cents = divmod(abs(amount_fen), 100)
    return f"{'-' if amount_fen < 0 else ''}{whole:,}.{cents:02d}"


# Capital figures on receipts and notices

_FIGURES = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")


def rmb_capitals(amount_fen: int) -> str:
    """分 in capital figures: 1000503 is 壹万零伍元零叁分, 0 is 零元整, a negative amount begins with 负.

    Amounts to 元 or 角 end with 整. Raises MoneyError beyond the limit (an amount of more than 9999万亿元).
    """
    if abs(amount_fen) >= LIMIT_FEN:
        raise MoneyError("金额太大，无法写成大写。")
    whole, cents = divmod(abs(amount_fen), 100)
    jiao, fen_digit = divmod(cents, 10)
    text = "负" if amount_fen < 0 else ""
    if whole or not cents:
        text += (_capital(whole) or "零") + "元"
    if jiao:
        text += _FIGURES[jiao] + "角"
    elif whole and fen_digit:
        text += "零"
    return text + (_FIGURES[fen_digit] + "分" if fen_digit else "整")


def _capital(number: int) -> str:
    """A whole number in capitals, "" for nothing: 亿 and 万 are said once, and each gap is one 零."""
    for size, name in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if low and low < size // 10 else ""
            return _capital(high) + name + gap + _capital(low)
    text = ""
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += _FIGURES[digit] + _PLACES[place]
        elif text and not text.endswith("零") and number % 10**place:
            text += "零"
    return text


# Dividing without losing a 分


def share(total_fen: int, weights: Sequence[int | Decimal | Fraction]) -> list[int]:
    """分 divided by weight with the largest remainder: the parts add up to the total, ties go to the earlier part.

    100000 by [1, 1, 1] is [33334, 33333, 33333]. A negative total gives exactly the negative parts.
    Raises MoneyError when there is nobody to divide among, or a weight is negative.
    """
    exact = [_exact(weight) for weight in weights]
    if any(weight < 0 for weight in exact):
        raise MoneyError("分摊的权重不能是负数。")
    whole = sum(exact)
    if not whole:
        raise MoneyError("没有可以分摊的对象：权重合计为零。")
    quotas = [abs(total_fen) * weight / whole for weight in exact]
    parts = [quota.numerator // quota.denominator for quota in quotas]
    left = abs(total_fen) - sum(parts)
    for index in sorted(range(len(quotas)), key=lambda place: (parts[place] - quotas[place], place))[:left]:
        parts[index] += 1
    return [part if total_fen >= 0 else -part for part in parts]
