"""Names as they are typed at the desk: initials and full pinyin, with every reading a name may have.

"lxh" and "linxiaohe" find 林晓禾; 单雄信 is found as "sxx" and, by those who do not know him, as "dxx".
"""

import re
from functools import lru_cache
from itertools import islice, product

from pypinyin import Style, lazy_pinyin, pinyin

from yihu.basics.numerals import half_width

# Surnames that are not read like the character elsewhere.
_SURNAMES = {
    "卜": "bu", "种": "chong", "都": "du", "缪": "miao", "牟": "mu", "能": "nai", "单": "shan", "曾": "zeng",
    "查": "zha", "解": "xie", "仇": "qiu", "区": "ou", "任": "ren", "朴": "piao", "盖": "ge", "秘": "bi",
    "洗": "xian", "覃": "qin", "翟": "zhai", "乐": "yue", "员": "yun", "贠": "yun", "黑": "he", "重": "chong",
    "折": "she", "召": "shao", "繁": "po", "尉": "wei", "乜": "nie", "句": "gou", "阚": "kan", "郇": "xun",
    "隗": "wei", "长": "chang", "適": "kuo", "么": "yao", "藏": "zang", "颉": "xie",
}  # fmt: skip

# Surnames of two characters.
_COMPOUND = {
    "欧阳": "ou yang", "太史": "tai shi", "端木": "duan mu", "上官": "shang guan", "司马": "si ma",
    "东方": "dong fang", "独孤": "du gu", "南宫": "nan gong", "万俟": "mo qi", "闻人": "wen ren", "夏侯": "xia hou",
    "诸葛": "zhu ge", "尉迟": "yu chi", "公羊": "gong yang", "赫连": "he lian", "澹台": "tan tai",
    "皇甫": "huang fu", "宗政": "zong zheng", "濮阳": "pu yang", "公冶": "gong ye", "太叔": "tai shu",
    "申屠": "shen tu", "公孙": "gong sun", "慕容": "mu rong", "仲孙": "zhong sun", "钟离": "zhong li",
    "长孙": "zhang sun", "宇文": "yu wen", "司徒": "si tu", "鲜于": "xian yu", "司空": "si kong", "闾丘": "lv qiu",
    "子车": "zi ju", "亓官": "qi guan", "司寇": "si kou", "巫马": "wu ma", "公西": "gong xi", "颛孙": "zhuan sun",
    "壤驷": "rang si", "公良": "gong liang", "漆雕": "qi diao", "乐正": "yue zheng", "宰父": "zai fu",
    "谷梁": "gu liang", "拓跋": "tuo ba", "夹谷": "jia gu", "轩辕": "xuan yuan", "令狐": "ling hu",
    "段干": "duan gan", "百里": "bai li", "呼延": "hu yan", "东郭": "dong guo", "南门": "nan men",
    "羊舌": "yang she", "微生": "wei sheng", "公户": "gong hu", "公玉": "gong yu", "梁丘": "liang qiu",
    "左丘": "zuo qiu", "东门": "dong men", "西门": "xi men", "第五": "di wu", "单于": "chan yu", "纳兰": "na lan",
    "完颜": "wan yan", "叶赫": "ye he", "爱新": "ai xin", "哥舒": "ge shu", "贺兰": "he lan", "呼兰": "hu lan",
    "褚师": "chu shi",
}  # fmt: skip

COMPOUND_SURNAMES = frozenset(_COMPOUND)

_HAN = r"\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PIECE = re.compile(f"[{_HAN}]+|[a-z0-9]+")
_PERSON = 4  # a name of more characters is a company's or a foreigner's and is read as running text
_READINGS = 16  # no name is spelt in more ways than this


def initials(name: str) -> str:
    """The first letters of a name in every reading, the likeliest first, joined by blanks: 曾晓禾 is "zxh cxh"."""
    return " ".join(dict.fromkeys("".join(part[:1] for part in reading) for reading in _readings(name)))


def full_pinyin(name: str) -> str:
    """A name spelt out without tones in every reading, joined by blanks: 林晓禾 is "linxiaohe"; ü is v."""
    return " ".join(dict.fromkeys("".join(reading) for reading in _readings(name)))


def search_words(name: str) -> str:
    """Initials and full pinyin together, as they go into a search column."""
    return " ".join(dict.fromkeys(f"{initials(name)} {full_pinyin(name)}".split()))


@lru_cache(maxsize=4096)
def _readings(name: str) -> tuple[tuple[str, ...], ...]:
    choices: list[list[str]] = []
    for piece in _PIECE.findall(half_width(name).lower()[:60]):
        choices += [[piece]] if piece.isascii() else _syllables(piece)
    # The last character varies first, so that the surname's likeliest reading leads.
    return tuple(islice(product(*choices), _READINGS)) if choices else ()


def _syllables(han: str) -> list[list[str]]:
    if len(han) > _PERSON:
        return [[syllable] for syllable in lazy_pinyin(han, errors=_nothing) if syllable]
    surname = han[:2] if han[:2] in _COMPOUND and len(han) > 2 else ""
    given = han[2:] if surname else han
    syllables = [[part] for part in _COMPOUND[surname].split()] if surname else []
    for readings in pinyin(given, style=Style.NORMAL, heteronym=True, errors=_nothing):
        kept = list(dict.fromkeys(filter(None, readings)))
        if kept:
            syllables.append(kept)
    if not surname and given[0] in _SURNAMES and syllables:
        likeliest = _SURNAMES[given[0]]
        syllables[0] = [likeliest, *(other for other in syllables[0] if other != likeliest)]
    return syllables


def _nothing(_unknown: str) -> str:
    """A character that nobody can read takes no part in the spelling."""
    return ""
