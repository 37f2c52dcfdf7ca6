"""Text cut into pieces that a word index can hold, so that one or two Chinese characters are found at once.

Chinese has no blanks between words. A run of Chinese characters is therefore stored as its overlapping pairs, and its
last character alone: 漏水报修 is stored as 漏水 水报 报修 修. Latin words and numbers are stored whole. The same cut is
made in the question, so that a run of characters is found exactly where it stands in the text, and the last Latin word
or number by its beginning. Full-width, capital and composed spellings are the same. Source: stack §6, measured there.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from yihu.basics.numerals import half_width

# 〇, extension A, the basic block, compatibility characters, the planes of rare characters.
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"([{_HAN}]+)|[^\\W_{_HAN}]+")

QUESTION_LIMIT = 200  # characters of a question that are looked at
TERM_LIMIT = 12  # runs of a question that are looked for
WORD_LIMIT = 64  # characters of a Latin word or number that are kept


def folded(text: str) -> str:
    """One spelling for full-width, capital and composed letters."""
    return unicodedata.normalize("NFC", half_width(text)).lower()


def _runs(text: str) -> list[tuple[str, bool]]:
    """Runs of Chinese (True) and of other letters and digits (False), folded."""
    return [(found[0], found[1] is not None) for found in _RUN.finditer(folded(text))]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def grams(text: str) -> list[str]:
    """The pieces of a text in order, as they are stored (joined by blanks) in the search column."""
    pieces: list[str] = []
    for run, chinese in _runs(text):
        if chinese:
            pieces += [*_pairs(run), run[-1]]
        else:
            pieces.append(run[:WORD_LIMIT])
    return pieces


@dataclass(frozen=True)
class Term:
    """Pieces that must stand side by side in a text; with `prefix` the last one may go on."""

    pieces: tuple[str, ...]
    prefix: bool


def query_terms(text: str) -> tuple[Term, ...]:
    """What a text must hold, all of it, to answer a question; nothing for a question without letters or digits.

    Of Latin words and numbers only the last may go on: the others have been typed to their end.
    """
    runs = _runs(text[:QUESTION_LIMIT])
    terms = [
        Term(tuple(_pairs(run)), prefix=False)
        if chinese and len(run) > 1
        else Term((run[:WORD_LIMIT],), prefix=chinese or at == len(runs))
        for at, (run, chinese) in enumerate(runs, 1)
    ]
    return tuple(dict.fromkeys(terms))[:TERM_LIMIT]


def fts5_query(text: str) -> str:
    """The question for SQLite's FTS5 MATCH over a column of grams (tokenizer unicode61), "" for an empty question.

    Pieces are letters and digits only and stand in quotes, so nothing that a person types is an operator.
    """
    return " AND ".join(f'"{" ".join(term.pieces)}"' + "*" * term.prefix for term in query_terms(text))


def tsquery(text: str) -> str:
    """The question for PostgreSQL's to_tsquery('simple', …) over to_tsvector('simple', grams), "" for an empty one."""
    return _tsquery(query_terms(text))


def tsqueries(text: str) -> tuple[str, str, str]:
    """The same in parts, for whom beginnings are dear: what stands whole, what only begins so, and these as whole words."""
    terms = query_terms(text)
    begun = [term for term in terms if term.prefix]
    whole = [Term(term.pieces, prefix=False) for term in begun]
    return _tsquery(term for term in terms if not term.prefix), _tsquery(begun), _tsquery(whole)


def _tsquery(terms: Iterable[Term]) -> str:
    return " & ".join(
        "(" + " <-> ".join(f"'{piece}'" for piece in term.pieces) + ")" if len(term.pieces) > 1
        else f"'{term.pieces[0]}'" + ":*" * term.prefix
        for term in terms
    )  # fmt: skip


def alike(one: str, other: str) -> float:
    """The share of the shorter text's pairs of characters that the longer has too."""
    first, second = ({piece for piece in grams(text[:400]) if len(piece) > 1} for text in (one, other))
    return len(first & second) / min(len(first), len(second)) if first and second else 0
