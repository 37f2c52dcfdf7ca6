"""Files into a unit's papers: a record's sheet by itself, once; anything else by hand, with its scans and its place."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from yihu.basics.identity import mask_free_text
from yihu.ground.papers.models import Paper, Scan
from yihu.kernel import files
from yihu.kernel.plain import require, writing

SEE, FILE = "papers.see", "papers.file"
BOOK = "papers.paper"
COLUMNS = ("kind", "doc_id", "title", "pages", "place")


def file_record(kind: str, record: Any, *, by: Any, at: datetime) -> None:
    """Only what belongs to a unit is filed; a sheet about a common area has no household."""
    if record.unit_id is None:
        return
    title = f"{Paper.Kind(kind).label} {record.number}"
    Paper.objects.get_or_create(
        record_id=record.pk,
        kind=kind,
        defaults={
            "community_id": record.community_id,
            "unit_id": record.unit_id,
            "title": title,
            "filed_at": at,
            "filed_by": by,
        },
    )


def file_paper(
    paper: Paper, scans: Iterable[Any], *, by: Any, key: str | None = None, at: datetime | None = None
) -> None:
    """File a paper by hand: what it is, where it lies, and what was scanned of it."""
    require(by, FILE, paper.community_id, "您不能归档，请找档案管理员或客服主管。")
    stored = [files.store_upload(upload) for upload in scans]
    body = [paper.unit_id, *(getattr(paper, name) for name in COLUMNS), [one.sha256 for one in stored]]
    with writing(BOOK, "new", by=by, key=key, at=at, verb="file", body=body) as opened:
        if opened is None:
            return
        commanding, _ = opened
        paper.filed_at, paper.filed_by = commanding.at, by
        paper.save(force_insert=True)
        _keep(paper, stored, by, commanding.at)
        words = [f"{by} 归档“{mask_free_text(paper.title)}”"]
        words += [f"存放 {mask_free_text(paper.place)}"] if paper.place else []
        words += [f"扫描件 {len(stored)} 个"] if stored else []
        commanding.note(commanding.book(BOOK, paper.pk), "，".join(words), step="file")
        commanding.answer(paper)


def change_paper(
    paper: Paper, scans: Iterable[Any], *, by: Any, key: str | None = None, seen: int | None = None
) -> None:
    """Name, kind or place were corrected, or more was scanned."""
    require(by, FILE, paper.community_id, "您不能归档，请找档案管理员或客服主管。")
    stored = [files.store_upload(upload) for upload in scans]
    body = [*(getattr(paper, name) for name in COLUMNS), [one.sha256 for one in stored]]
    with writing(BOOK, paper.pk, by=by, key=key, verb="change", body=body, seen=seen) as opened:
        if opened is None:
            return
        commanding, book = opened
        before = Paper.objects.select_related("doc").get(pk=paper.pk)
        changed = {
            name: [_words(before, name), _words(paper, name)]
            for name in COLUMNS
            if getattr(before, name) != getattr(paper, name)
        }
        paper.save(update_fields=COLUMNS)
        _keep(paper, stored, by, commanding.at)
        if changed:
            commanding.note(book, f"{by} 更正档案资料", changed, step="change")
        if stored:
            commanding.note(book, f"{by} 补上扫描件 {len(stored)} 个", step="scan")


def note_look(scan: Scan, *, by: Any, why: str = "") -> None:
    """Who looked at which page, when, and by what leave (ARC-05)."""
    with writing(BOOK, scan.paper_id, by=by, key=None, verb="look", body=[scan.pk]) as opened:
        if opened is not None:
            commanding, book = opened
            commanding.note(
                book, f"{by} 查看扫描件 {mask_free_text(scan.name)}{f'（{why}）' if why else ''}", step="look"
            )


def _keep(paper: Paper, stored: Iterable[Any], by: Any, at: datetime) -> None:
    Scan.objects.bulk_create(
        [
            Scan(
                paper=paper,
                name=one.name,
                sha256=one.sha256,
                size=one.size,
                mime=one.mime,
                path=one.path,
                by=by,
                at=at,
            )
            for one in stored
        ]
    )


def _words(paper: Paper, name: str) -> str:
    """A column in words, as the journal tells it."""
    if name == "kind":
        return str(paper.get_kind_display())
    value = paper.doc if name == "doc_id" else getattr(paper, name)
    return mask_free_text(str(value or ""))
