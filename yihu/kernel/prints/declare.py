"""The word with which an area declares a printed sheet. Plain data: the engine sets it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

PAPERS = ("a3", "a4", "a4-landscape", "a5-landscape")


@dataclass(frozen=True)
class Print:
    """``Print("work_sheet", "维修单", data=work_sheet, copies=("存根联", "派工联", "客户联"))``

    ``data(record, by)`` gives what stands on the sheet as plain values (bytes are pictures); the letterhead takes
    ``community`` and ``number`` from it, and ``title`` where a project calls its sheet otherwise. The template is
    ``prints/<name>.typ`` beside the module of ``data`` unless ``template`` ("<app label>/prints/<file>.typ") says so. Telephones that
    slipped into free text are masked on the sheet of a record, as on lists.
    """

    name: str
    title: str
    data: Callable[[Any, Any], Mapping[str, Any]]
    template: str = ""
    copies: tuple[str, ...] = ()
    paper: str = "a4"
    says_numbers: bool = False  # a notice or a letter: telephones in its words are meant to be read
    # it goes out to an owner, another firm or the wall: a copy is kept as it went out. One that stays in the house is named in
    # ``tests/kernel/test_issued.py``; a print that is neither fails there
    issued: bool = False
    of_one: bool = (
        True  # False: a sheet over many records, e.g. a month's register; never printed once for each of them
    )

    def __post_init__(self) -> None:
        if self.paper not in PAPERS:
            raise ValueError(f"print {self.name}: unknown paper {self.paper!r}, one of {', '.join(PAPERS)}")
        declared.append(self)


declared: list[Print] = []  # every print that any module has made
