"""What is typed into the search box is found, in a real full-text index, and never breaks it."""

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yihu.basics.grams import Term, fts5_query, grams, query_terms, tsquery


class Index:
    """An FTS5 table as the search column is made, with one text in it at a time."""

    def __init__(self) -> None:
        self.base = sqlite3.connect(":memory:")
        self.base.execute("CREATE VIRTUAL TABLE entry USING fts5(words, tokenize='unicode61 remove_diacritics 0')")

    def holds(self, text: str, question: str) -> bool:
        self.base.execute("DELETE FROM entry")
        self.base.execute("INSERT INTO entry VALUES (?)", (" ".join(grams(text)),))
        found = self.base.execute("SELECT 1 FROM entry WHERE entry MATCH ?", (fts5_query(question),))
        return found.fetchone() is not None


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    index = Index()
    yield index
    index.base.close()


def test_how_a_text_is_cut():
    assert grams("厨房漏水，A1-1-0101 ＰＶＣ管") == ["厨房", "房漏", "漏水", "水", "a1", "1", "0101", "pvc", "管"]
    assert grams("") == grams("，。！ 😀\x00") == []


def test_how_a_question_is_put():
    assert query_terms("漏") == (Term(("漏",), prefix=True),)
    assert query_terms("漏水报 a1") == (Term(("漏水", "水报"), prefix=False), Term(("a1",), prefix=True))
    assert query_terms("a1 101") == (Term(("a1",), prefix=False), Term(("101",), prefix=True)), "a1 is typed to its end"
    assert fts5_query("漏水报 a1") == '"漏水 水报" AND "a1"*'
    assert tsquery("漏水报 a1") == "('漏水' <-> '水报') & 'a1':*"
    assert tsquery("漏水") == "'漏水'"


@pytest.mark.parametrize("nothing", ["", "   ", "'\"", "%%__", "😀🇨🇳", "\x00\x01", "*:&|!", "\u202e"])
def test_a_question_without_letters_is_empty(nothing):
    assert fts5_query(nothing) == tsquery(nothing) == ""


@pytest.mark.parametrize(
    "question", ["漏", "水", "漏水", "厨房漏水", "充电桩", "a1 0101", "A1-1", "水 厨房", "pv", "01", "曾𠅤"]
)
def test_found(index, question):
    assert index.holds("厨房漏水，充电桩旁边 A1-1-0101 PVC管 ０１号表 曾𠅤", question)


@pytest.mark.parametrize("question", ["水漏", "房水", "漏电", "充桩", "101", "vc", "曾貔", "漏水 管道"])
def test_not_found(index, question):
    assert not index.holds("厨房漏水，漏 A1-1-0101 PVC管 充电桩 曾𠅤", question)


@pytest.mark.parametrize(
    "question",
    ["漏 OR 水", "NEAR(漏 水)", "words:漏", "漏*", "^漏", "-漏", "(漏", "漏 AND", "'; DROP TABLE entry; --", "a\\'b",
     "漏:*", "!漏", "漏 & | ! <->", "{漏}", "+漏+", '"漏'],
)  # fmt: skip
def test_operators_are_only_characters(index, question):
    index.holds("漏水", question)


def test_a_pasted_book_is_a_short_question():
    book = "厨房漏水，A1-1-0101。" * 100_000

    assert len(query_terms(book)) <= 12
    assert len(fts5_query("水" * 1_000_000)) < 2000
    assert max(map(len, grams("x" * 1_000_000))) == 64


few = st.text("漏水报修𠅤〇，a1 ", max_size=12)
chinese = st.text("漏水报修𠅤〇", min_size=1, max_size=4)


@given(text=few, part=chinese)
def test_chinese_is_found_exactly_where_it_stands(index, text, part):
    assert index.holds(text, part) == (part in text)


@given(text=st.text(max_size=30), question=st.text(max_size=30))
def test_no_question_breaks_the_index(index, text, question):
    if fts5_query(question):
        index.holds(text, question)
    assert not set("'\"\\") & set("".join(grams(text)))
    assert (tsquery(question) == "") == (fts5_query(question) == "") == (query_terms(question) == ())


@given(text=st.text(st.characters(categories=("L", "N"), max_codepoint=0xFFFF), min_size=1, max_size=20))
def test_a_text_is_found_by_itself(index, text):
    assert index.holds(text, text)
