"""Words with which nobody may be pressed to pay: cutting power, water, gas or heat, keeping people or goods in or out.

Source: Civil Code 944, third paragraph; domain handbook §6.2. A paper that must not contain them asks here.
"""

import re
import unicodedata

from yihu.basics.text import without_unseen

LAW = "民法典第944条"
_GOODS = "(?:电源?|水|煤?燃?气|天然气|暖气?|热水?|空调|冷气|电梯|门禁卡?|网络?)"
_WORDS = re.compile(
    "|".join(
        (
            f"[停断限掐拉切禁]+止?掉?供?{_GOODS}",
            f"(?:暂停|停止|中止|切断|中断|关停|关闭|限制)(?:其|您的?|该户|贵户)?(?:供应?|使用)?{_GOODS}",
            "拉闸|断供|停供|锁闸|锁水表?|锁电表?|拆[水电气]?表|封门|锁门|堵门",
            "(?:禁止|不准|不许|不让|限制|阻止)(?:其|您|业主)?(?:出入|进出|进入|进门|进小区|通行|搬[出离]|放行)",
            "(?:不予?|拒绝|暂不|不得|不给)放行|不让进|停用门禁|注销门禁|不予?(?:维修|报修)",
        )
    )
)
_STOPS = re.compile(r"[\W_]+")


def pressing_words(text: str) -> str:
    """The first of them in a text, however it is spaced, or ""."""
    found = _WORDS.search(_STOPS.sub("", unicodedata.normalize("NFKC", without_unseen(text))))
    return found[0] if found else ""


def why_not(text: str) -> str:
    """What to say to who wrote it, or ""."""
    found = pressing_words(text)
    return f"催缴不能写“{found}”：物业不得以此催交费用（{LAW}）。请改写，按催缴的合法步骤办理。" if found else ""
