"""The columns that a file may have, and the many ways in which people head them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final

from yihu.basics.numerals import half_width
from yihu.basics.text import clean_line

SKIP: Final = "skip"

_BRACKETS: Final = re.compile(r"[(\[【〔<].*?[)\]】〕>]")
_SIGNS: Final = re.compile(r"[\s:;,.、，。：；*#＊/\\|()（）\[\]【】〔〕<>《》\"'“”_\-—·!?]+")
_UNITS: Final = re.compile(r"(?:㎡|m2|m²|平方米|平米|元月|元)+$")
_LEFT_OUT: Final = ("忽略", "跳过", "ignore", "none")


@dataclass(frozen=True)
class Field:
    """One thing that a row can say."""

    name: str
    label: str
    synonyms: str
    personal: str = ""  # how its values are masked: phone or id
    repeats: bool = False  # several columns may say it


def left_out(synonyms: str) -> Field:
    """The columns that are known and not wanted."""
    return Field(SKIP, "不导入", synonyms, repeats=True)


@lru_cache(maxsize=1024)
def plain(heading: str) -> str:
    """A heading without signs, spaces and case."""
    return _SIGNS.sub("", half_width(clean_line(heading, 120, cut=True)).lower())


@dataclass(frozen=True, eq=False)
class Words:
    """All fields of one sort of file. The first synonym list that a heading is found in decides; spaces, signs and what
    stands in brackets do not count. ``in_group`` turns a field by the heading that stands above it.
    """

    fields: tuple[Field, ...]
    in_group: Callable[[str, str], str] = field(default=lambda name, group: name)

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        return {one.name: one for one in self.fields}

    @cached_property
    def personal(self) -> Mapping[str, str]:
        return {one.name: one.personal for one in self.fields if one.personal}

    @cached_property
    def _known(self) -> Mapping[str, str]:
        return {
            plain(word): one.name
            for one in reversed(self.fields)
            for word in (*one.synonyms.split(), one.label, one.name)
        }

    def known(self, heading: str, group: str = "") -> str:
        """The field that a heading means, "" if it is none of the known ones. ``group`` is the heading above it."""
        whole = half_width(heading)
        for way in (whole, _BRACKETS.sub("", whole)):
            name = self._known.get(_UNITS.sub("", plain(way))) or self._known.get(plain(way))
            if name:
                return self.in_group(name, group)
        return ""

    def said(self, word: str) -> str:
        """The field that a person names, by its label or its name; "" if there is none."""
        wanted = plain(word)
        for one in self.fields:
            if wanted in (plain(one.label), one.name.replace("_", ""), one.name):
                return one.name
        return SKIP if wanted in _LEFT_OUT else self._known.get(wanted, "")

    def label(self, name: str) -> str:
        return self.by_name[name].label
