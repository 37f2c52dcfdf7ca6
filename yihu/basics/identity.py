"""Identity numbers, phones and accounts: checked, brought to one form, and masked.

Masked forms show what a clerk needs to recognise a number, never enough to use it. Source: domain handbook §6.3.
"""

import re

from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidChecksum, ValidationError

from yihu.basics.numerals import half_width
from yihu.basics.text import without_unseen

_GAPS = re.compile(r"[\s\-–—−.·_()]+")
_EXTENSION = re.compile(r"(?:-|转|分机|ext\.?)\s*([0-9]{1,6})$", re.IGNORECASE)

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0(?:10|2[0-9]|[3-9][0-9]{2})[2-9][0-9]{6,7}")
_LOCAL = re.compile(r"[2-9][0-9]{6,7}")
_SERVICE = re.compile(r"(?:400|800)[0-9]{7}|9[56][0-9]{3,6}|1[0-2][0-9](?:[0-9]{2})?")
_ABROAD = re.compile(r"\+[1-9][0-9]{6,14}")

_PROVINCES = (
    *range(11, 16),
    *range(21, 24),
    *range(31, 38),
    *range(41, 47),
    *range(50, 55),
    *range(61, 66),
    71,
    81,
    82,
    83,
)


def _plain(text: str) -> str:
    return without_unseen(half_width(text)).strip()


# Identity numbers


def normal_id(text: str) -> str:
    """An identity or credit code in capitals without gaps and full-width signs; nothing is checked."""
    return _GAPS.sub("", _plain(text)).upper()


def check_id(text: str) -> str:
    """What is wrong with a resident's identity number or a company's unified credit code, "" if nothing is.

    An empty text is not wrong. The answer is a sentence for a list of gaps: a wrong check digit is no reason to refuse
    a person. Source: GB 11643 (resident identity number), GB 32100 (unified social credit code).
    """
    number = normal_id(text)
    if not number:
        return ""
    if re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return _check_resident(number)
    if re.fullmatch(r"[0-9A-Z]{18}", number):
        return _check_company(number)
    if re.fullmatch(r"[0-9]{15}", number):
        return "这是15位的旧身份证号，请核对后改填18位。"
    return f"不是18位的身份证号或统一社会信用代码（现为{len(number)}位），请核对。"


def _check_resident(number: str) -> str:
    # Counties are renamed and merged every year and a number keeps the old one, so only the province is looked at.
    if number[-1] != ric.calc_check_digit(number):
        return "身份证号的校验位不对，可能抄错了数字，请核对。"
    try:
        born = ric.get_birth_date(number)
    except ValidationError:
        return "身份证号中的出生日期不存在，请核对。"
    if int(number[:2]) not in _PROVINCES or not 1880 <= born.year <= 2100:
        return "身份证号中的地区或出生日期不存在，请核对。"
    return ""


def _check_company(number: str) -> str:
    try:
        uscc.validate(number)
    except InvalidChecksum:
        return "统一社会信用代码的校验位不对，可能抄错了字符，请核对。"
    except ValidationError:
        return "统一社会信用代码中有不该出现的字符，请核对。"
    return ""


def mask_id(text: str) -> str:
    """An identity number with its last four characters shown; one too short to hide anything is hidden whole."""
    return _last_four(normal_id(text))


def mask_account(text: str) -> str:
    """A bank account with its last four digits shown, in groups: **** **** **** 1234."""
    masked = _last_four(normal_id(text))
    first = len(masked) % 4
    return " ".join(filter(None, [masked[:first], *(masked[at : at + 4] for at in range(first, len(masked), 4))]))


def mask_name(text: str) -> str:
    """A name of which a stranger learns nothing: 赵**, 杭州***公司. What is hidden does not tell how long it is."""
    name = "".join(text.split())
    if len(name) <= 4:
        return name[:1] + "**" if name else ""
    return f"{name[:2]}***{name[-2:]}"


def _last_four(number: str) -> str:
    return "*" * len(number) if len(number) < 8 else "*" * (len(number) - 4) + number[-4:]


# Phones


def normal_phone(text: str) -> str:
    """A phone number as it is stored and compared, "" if the text is none.

    Digits only, without +86; an extension follows a dash (08301234567-801), a number abroad begins with +. Mobile
    numbers, land lines with or without area code, 400/800 numbers and short service numbers are known.
    """
    plain = _plain(text)
    candidates = [(plain, "")]
    if extension := _EXTENSION.search(plain):
        candidates.append((plain[: extension.start()], extension[1]))
    for number, inner in candidates:
        digits = _GAPS.sub("", number)
        digits = re.sub(r"^(?:\+|00)86", "", digits) if digits.startswith(("+86", "0086")) else digits
        if digits.startswith("86") and _MOBILE.fullmatch(digits[2:]):
            digits = digits[2:]
        if any(form.fullmatch(digits) for form in (_MOBILE, _LANDLINE, _LOCAL, _SERVICE, _ABROAD)):
            return f"{digits}-{inner}" if inner else digits
    return ""


def is_mobile(text: str) -> bool:
    """Whether the text is a mainland mobile number, however it is spaced."""
    return _MOBILE.fullmatch(normal_phone(text)) is not None


def mask_phone(text: str) -> str:
    """A phone number with its middle hidden: 138****8112, 0830***4567; what is no number is hidden whole."""
    number, dash, extension = normal_phone(text).partition("-")
    if not number:
        return "*" * min(len(_plain(text)), 11)
    if len(number) < 7:
        return number  # 12345, 95588: everybody's number
    if number.startswith("0"):
        area = 3 if number[1] in "12" else 4
        shown = number[:area] + "*" * (len(number) - area - 4) + number[-4:]
    elif len(number) <= 8:
        shown = "*" * (len(number) - 4) + number[-4:]
    else:
        shown = number[:3] + "*" * (len(number) - 7) + number[-4:]
    return shown + dash + "*" * len(extension)


# Free text

_IN_TEXT = re.compile(
    r"""
      (?P<id>    (?<![0-9A-Za-z])[1-9][0-9]{5}~?(?:19|20)[0-9]{2}~?[0-9]{4}~?[0-9]{3}[0-9Xx](?![0-9]))
    | (?P<phone> (?<![0-9])(?:(?:\+|00)?86~?)?
                 (?: 1[3-9][0-9]~?[0-9]{4}~?[0-9]{4}
                   | 1[3-9][0-9]{2}~[0-9]{4}~[0-9]{3}
                   | 1[3-9][0-9]{3}~[0-9]{3}~[0-9]{3} )(?![0-9]))
    | (?P<line>  (?<![0-9])\(?0(?:10|2[0-9]|[3-9][0-9]{2})\)?~?[2-9][0-9]{6,7}(?![0-9]))
    | (?P<card>  (?<![0-9])[0-9]{4}(?:~[0-9]{4}){3}(?:~[0-9]{1,3})?(?![0-9]))
    | (?P<long>  (?<![0-9])[0-9]{11,}[Xx]?)
    | (?P<words> [零〇○一幺二两三四五六七八九]{11,})
    """.replace("~", r"[ \-–—.·\u00a0]"),
    re.VERBOSE,
)


def mask_free_text(text: str) -> str:
    """Free text as a list may show it: phones, identity numbers, accounts and other long numbers are masked.

    Dates, room numbers, amounts and record numbers stay. Digits may be full-width, grouped, or written in Chinese.
    """
    plain = half_width(text)  # keeps every place, so that what is not masked is taken from the text itself
    parts, at = [], 0
    for found in _IN_TEXT.finditer(plain):
        parts += [text[at : found.start()], _masked(found)]
        at = found.end()
    return "".join([*parts, text[at:]])


def _masked(found: re.Match[str]) -> str:
    if found.lastgroup in ("phone", "line"):
        return mask_phone(found[0])
    if found.lastgroup == "words":
        return "*" * len(found[0])
    return mask_id(found[0])
