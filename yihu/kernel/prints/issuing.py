"""What goes out to somebody is kept as it went out: sealed, stored once by content, found from its record and its household (ARC-11)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from yihu.kernel import files
from yihu.kernel.models.prints import IssuedCopy, PrintRun
from yihu.kernel.prints.counting import count_print
from yihu.kernel.prints.declare import Print


def issue(
    print_: Print,
    subject: Any,
    *,
    by: Any,
    now: datetime,
    number: str,
    community: Any,
    unit: Any = None,
    party: Any = None,
    record: Any = None,
    may: str = "",
    marked: bool = True,
) -> bytes:
    """The PDF of a sheet that is not a record's own: counted, and kept as it is handed out. ``may`` is the capability that lets
    others than the archive see a copy that hangs on no record; ``record``: it is one of several sheets of this record, for one
    of those in it, and who sees the record sees it; ``marked``: what is printed again says 补打 n."""
    from yihu.kernel.prints.rendering import render  # which keeps what it sets for records by this module

    with transaction.atomic():
        run = count_print(print_.name, by=by, at=now, record=record, subject=number)
        pdf = render(print_, subject, by, reprint=run.copy_no - 1 if marked else 0, now=now)
        keep(
            print_, pdf, run, community_id=community.pk, unit_id=unit and unit.pk, party_id=party and party.pk,
            record_id=record and record.pk, may=may,
        )  # fmt: skip
    return pdf


def keep_of_record(print_: Print, pdf: bytes, run: PrintRun, record: Any) -> None:
    if print_.issued:
        keep(
            print_, pdf, run, community_id=record.community_id, unit_id=record.unit_id, party_id=record.party_id, record_id=record.pk
        )  # fmt: skip


def keep(print_: Print, pdf: bytes, run: PrintRun, **of: Any) -> IssuedCopy:
    """One copy for each time it left the printer; the same bytes lie there once."""
    name = f"{print_.title} {run.subject}"[:100]
    stored = files.store_upload(ContentFile(pdf, name=f"{name}.pdf"), ours=True)
    return IssuedCopy.objects.create(
        run=run, title=print_.title, by_id=run.by_id, at=run.at, name=stored.name, sha256=stored.sha256, size=stored.size,
        mime=stored.mime, path=stored.path, **of,
    )  # fmt: skip


def share(print_: Print, file: Any, runs: Iterable[PrintRun], of: Any) -> None:
    """A batch was set as one file: each of its sheets is kept by naming that file. ``of(run)`` says whose it is."""
    told = {name: getattr(file, name) for name in ("name", "sha256", "size", "mime", "path")}
    IssuedCopy.objects.bulk_create(
        [IssuedCopy(run=run, title=print_.title, by_id=run.by_id, at=run.at, **told, **of(run)) for run in runs],
        batch_size=500, ignore_conflicts=True,
    )  # fmt: skip
