"""Text from people: what is not meant to be seen goes, what they wrote stays.

Source: design §9 ("limits on everything, each with a sentence a clerk understands").
"""

import re
import unicodedata

# Line ends of every kind become one newline.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_BLANKS = re.compile("[\t\x1f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")

# Controls, lone surrogates, non-characters; marks that turn the direction of writing; everything of no width except the
# joiner of emoji sequences (\u200d), which is looked at apart, and variation selectors, which rare names need.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\ud800-\udfff\ufdd0-\ufdef\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)
_PICTURE = "[\xa9\xae\u203c-\u3299\U0001f000-\U0001faff]"
_STRAY_JOINER = re.compile(f"(?<!{_PICTURE})(?<!\ufe0f)\u200d|\u200d(?!{_PICTURE})")


class TooLong(ValueError):
    """A text beyond its limit; its text is a sentence to the clerk, `limit` counts characters."""

    def __init__(self, limit: int, length: int) -> None:
        self.limit = limit
        super().__init__(f"最多{limit}字，现在约{length}字，请删减{length - limit}字以上。")


def without_unseen(text: str) -> str:
    """The text without control characters, direction marks and characters of no width; newlines stay."""
    return _STRAY_JOINER.sub("", _UNSEEN.sub("", text))


def clean(text: str, limit: int, *, cut: bool = False) -> str:
    """A text of several lines as it may be stored, at most `limit` characters long.

    Composed (NFC), with plain newlines and spaces, without unseen characters and outer blanks. Emoji stay whole.
    Beyond the limit raises TooLong, or with `cut` drops the end and puts … in its place.
    """
    return _fit(_plain(text, limit, cut), limit, cut)


def clean_line(text: str, limit: int, *, cut: bool = False) -> str:
    """A text of one line as it may be stored: like `clean`, with every run of blanks and newlines made one space."""
    return _fit(re.sub("[ \n]+", " ", _plain(text, limit, cut)), limit, cut)


def _plain(text: str, limit: int, cut: bool) -> str:
    far_beyond = limit * 4 + 4096  # no time is spent on such a text
    if len(text) > far_beyond:
        if not cut:
            raise TooLong(limit, len(text))
        text = text[:far_beyond]
    text = _BLANKS.sub(" ", _LINE_ENDS.sub("\n", text))
    # Taking something out may bring a letter and its mark together, so composing comes last.
    text = unicodedata.normalize("NFC", without_unseen(text))
    return "\n".join(line.rstrip(" ") for line in text.split("\n")).strip(" \n")


def _fit(text: str, limit: int, cut: bool) -> str:
    if len(text) <= limit:
        return text
    if not cut:
        raise TooLong(limit, len(text))
    end = max(limit - 1, 0)
    while end and _belong_together(text[end - 1], text[end]):
        end -= 1
    return (text[:end].rstrip() + "…")[:limit]


def _belong_together(left: str, right: str) -> bool:
    """Whether a cut between these two would tear a mark, a selector, a skin tone or a joined emoji from its base."""
    joined = "\u200d" in (left, right)
    return joined or right == "\ufe0f" or "\U0001f3fb" <= right <= "\U0001f3ff" or unicodedata.combining(right) > 0
