"""A declared sheet as PDF or picture: one record in its copies, or a batch of records in chunks."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from yihu.basics.identity import mask_free_text
from yihu.basics.text import clean_line, without_unseen
from yihu.kernel import moments, site
from yihu.kernel.errors import Refused
from yihu.kernel.prints.counting import count_print
from yihu.kernel.prints.declare import Print
from yihu.kernel.prints.engine import Format, forget, set_type
from yihu.kernel.prints.issuing import keep_of_record
from yihu.kernel.prints.joining import join
from yihu.kernel.prints.plain import plain, printable, qr_svg

LONG = 1_000_000  # bytes of a sheet after which the setter's memory is worth clearing
AT_ONCE = 100  # sheets in one batch of the list; the clerk waits for it
CHUNK = 50  # sheets set at once; each takes more than a megabyte of memory while its chunk is set


def print_record(print_: Print, record: Any, *, by: Any, now: datetime | None = None, subject: str = "") -> bytes:
    """The PDF for the printer, counted: what was printed before says 补打 n. Nothing is counted that was not set."""
    now = now or timezone.now()
    with transaction.atomic():
        run = count_print(print_.name, by=by, at=now, record=record, subject=subject)
        pdf = render(print_, record, by, reprint=run.copy_no - 1, now=now)
        keep_of_record(print_, pdf, run, record)
        return pdf


def print_many(print_: Print, records: Sequence[Any], *, by: Any, now: datetime) -> bytes:
    """One PDF with the sheet of each record in its copies, each counted as if it were printed alone."""
    if len(records) > AT_ONCE:
        raise Refused(f"一次最多打印 {AT_ONCE} 张。请再筛选一下，例如按状态、楼栋，分几次打印。")
    if not records:
        raise Refused("没有可打印的记录，请先换一个筛选条件。")
    if print_.issued:
        pdf = join(print_each(print_, records, by=by, now=now))
        forget()
        return pdf
    with transaction.atomic():
        runs = [count_print(print_.name, by=by, at=now, record=record) for record in records]
        sheets = [_sheet(print_, record, by, run.copy_no - 1) for record, run in zip(records, runs, strict=True)]
        pdf = set_type(template_of(print_), _envelope(print_, sheets, by, None, now), "pdf", now=now, tagged=False)[0]
    forget()
    return pdf


def print_each(print_: Print, records: Iterable[Any], *, by: Any, now: datetime) -> Iterator[bytes]:
    """The sheet of each record by itself, counted and kept: what goes out in a batch is kept like what goes out alone."""
    for record in records:
        yield print_record(print_, record, by=by, now=now)


def render(
    print_: Print,
    subject: Any,
    by: Any = None,
    *,
    format: Format = "pdf",  # noqa: A002
    copies: Sequence[str] | None = None,
    reprint: int = 0,
    now: datetime | None = None,
) -> bytes:
    """The sheet of one record, or of data given as a mapping; as a picture its first page. Counts nothing."""
    return pages(print_, subject, by, format=format, copies=copies, reprint=reprint, now=now)[0]


def pages(
    print_: Print,
    subject: Any,
    by: Any = None,
    *,
    format: Format = "png",  # noqa: A002
    copies: Sequence[str] | None = None,
    reprint: int = 0,
    now: datetime | None = None,
) -> list[bytes]:
    """Every page as a picture (``png``), or one PDF."""
    now = now or timezone.now()
    sheet = _sheet(print_, subject, by, reprint)
    set_ = set_type(template_of(print_), _envelope(print_, [sheet], by, copies, now), format, now=now)
    if sum(map(len, set_)) > LONG:
        forget()
    return set_


def render_batch(
    print_: Print,
    subjects: Iterable[Any],
    by: Any,
    *,
    copies: Sequence[str] | None = None,
    now: datetime,
    chunk: int = CHUNK,
    reprint: Callable[[Any], int] = lambda subject: 0,
) -> Iterator[bytes]:
    """PDFs of at most ``chunk`` sheets each, in order; without the tags that would make them five times as big.
    ``reprint``: how often the sheet of a subject was printed before."""
    template, waiting = template_of(print_), iter(subjects)
    while some := list(islice(waiting, chunk)):
        sheets = [_sheet(print_, subject, by, reprint(subject)) for subject in some]
        pdf = set_type(template, _envelope(print_, sheets, by, copies, now), "pdf", now=now, tagged=False)[0]
        forget()
        yield pdf


def template_of(print_: Print) -> Path:
    """Where the template lies; FileNotFoundError names it if it does not."""
    if print_.template:
        label, _, rest = print_.template.partition("/")
        path = Path(apps.get_app_config(label).path) / rest
    else:
        path = Path(inspect.getfile(inspect.unwrap(print_.data))).parent / "prints" / f"{print_.name}.typ"
    if not path.is_file():
        raise FileNotFoundError(f"print {print_.name} has no template {path}")
    return path


def _sheet(print_: Print, subject: Any, by: Any, reprint: int) -> dict[str, Any]:
    data = sheet_data(print_, subject, by)
    number = _one_line(data.get("number", getattr(subject, "number", "")))
    link = without_unseen(str(data.get("qr", "") or _address_of(subject) or number))
    return {
        "title": _one_line(data.get("title", print_.title)),
        "community": _one_line(data.get("community", getattr(subject, "community", ""))),
        "number": number,
        "qr": qr_svg(link[:500]) if link else "",
        "reprint": reprint,
        "data": plain(data),
    }


def sheet_data(print_: Print, subject: Any, by: Any) -> Mapping[str, Any]:
    """What stands on the sheet; numbers of people that were typed where a name or a place was asked for are masked."""
    if isinstance(subject, Mapping):
        return subject
    data = print_.data(subject, by)
    return data if print_.says_numbers else {name: _masked(value) for name, value in data.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask_free_text(value)
    if isinstance(value, Mapping):
        return {name: _masked(item) for name, item in value.items()}
    return [_masked(item) for item in value] if isinstance(value, list | tuple) else value


def _one_line(value: Any) -> str:
    return printable(clean_line(str(value or ""), 60, cut=True))


def _address_of(subject: Any) -> str:
    """Where the record stands on this installation, if it knows its own address."""
    return site.address(subject.get_absolute_url()) if hasattr(subject, "get_absolute_url") else ""


def _envelope(
    print_: Print, sheets: list[dict[str, Any]], by: Any, copies: Sequence[str] | None, now: datetime
) -> dict[str, Any]:
    printed = f"{by or ''} {moments.stamp(now)} 打印".strip()
    wanted = print_.copies if copies is None else tuple(copies)
    return {
        "paper": print_.paper,
        "copies": [_one_line(copy) for copy in wanted] or [""],
        "printed": plain(printed),
        "sheets": sheets,
    }
