"""Digits as people type them: full-width, and Chinese numerals in dates and floors."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFFE5: 0xA5, 0xFFE0: 0xA2}

_SPELLINGS = ("零〇○", "一", "二两", "三", "四", "五", "六", "七", "八", "九")
_DIGITS = {char: value for value, chars in enumerate(_SPELLINGS) for char in chars}
_UNITS = {"十": 10, "百": 100, "千": 1000}

CHINESE_DIGITS = "".join(_DIGITS) + "".join(_UNITS)


def half_width(text: str) -> str:
    """The same text with full-width letters, digits, signs and spaces made half-width; the length stays the same."""
    return text.translate(_FULL_WIDTH)


def chinese_number(text: str) -> int:
    """The value of a Chinese numeral up to 9999, counted (二十三) or read digit by digit (二〇〇九).

    Raises ValueError with a sentence for anything else.
    """
    if text and all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total, digit, smallest = 0, None, 10_000
    for char in text:
        if char in _DIGITS and (digit is None or digit == 0):
            digit = _DIGITS[char]
        elif char in _UNITS and _UNITS[char] < smallest and (digit or (digit is None and not total and char == "十")):
            smallest = _UNITS[char]
            total, digit = total + (digit or 1) * smallest, None
        else:
            break
    else:
        if text and digit != 0:
            return total + (digit or 0)
    raise ValueError(f"“{text}”不是能读懂的中文数字。")
