"""The doors of an item: kept, changed, locked; who looked into its files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from yihu.areas.catalogue.models import DestructionLine, Item, ItemFile
from yihu.areas.catalogue.words import HOLD, ITEM, KEEP
from yihu.basics.identity import mask_free_text
from yihu.kernel import files
from yihu.kernel.errors import Refused
from yihu.kernel.plain import require, save_row, writing


def keep(
    item: Item, columns: Iterable[str], uploads: Iterable[Any], *, by: Any, key: str | None = None, seen: int | None = None
) -> None:  # fmt: skip
    """New or changed, with what was scanned of it; its time of keeping follows from its rule."""
    if item.pk and Item.objects.filter(pk=item.pk, status=Item.Status.DESTROYED).exists():
        raise Refused("这一件已经销毁，条目只留作记录，不能再改。")
    stored = [files.store_upload(upload) for upload in uploads]
    save_row(item, [*columns], may=KEEP, by=by, key=key, seen=seen, then=_reckoned)
    if stored:
        add_files(item, stored, by=by, key=f"{key}-files" if key else None)


def _reckoned(item: Item, by: Any) -> None:
    """What waits on a list keeps its time of keeping: whoever lengthens it takes the list back first."""
    before = item.expires_on
    item.reckon()
    if item.pk and before != item.expires_on and DestructionLine.objects.filter(item=item, waits=True).exists():
        raise Refused("这一件在销毁清单上，不能改保管期限；请先不批准那张清单。")


def add_files(item: Item, stored: Iterable[Any], *, by: Any, key: str | None = None) -> None:
    stored = list(stored)
    with writing(ITEM, item.pk, by=by, key=key, verb="files", body=[one.sha256 for one in stored]) as opened:
        if opened is None:
            return
        commanding, book = opened
        ItemFile.objects.bulk_create(
            [
                ItemFile(item=item, name=one.name, sha256=one.sha256, size=one.size, mime=one.mime, path=one.path, by=by, at=commanding.at)
                for one in stored
            ]
        )  # fmt: skip
        commanding.note(book, f"{by} 存入电子文件 {len(stored)} 个", step="files")
        commanding.answer(item)


def hold(item: Item, reason: str, *, by: Any, key: str | None = None, seen: int | None = None) -> None:
    """Lock it with a reason, or set it free with none."""
    require(by, HOLD, item.community_id, "您不能锁定档案，请找客服主管或经理。")
    with writing(ITEM, item.pk, by=by, key=key, verb="hold", body=[reason], seen=seen) as opened:
        if opened is None:
            return
        commanding, book = opened
        item = Item.objects.select_for_update().get(pk=item.pk)
        if item.status != Item.Status.KEPT:
            raise Refused("这一件已不在档，不用锁定。")
        item.hold = reason
        item.save(update_fields=["hold"])
        words = f"{by} 锁定：{mask_free_text(reason)}" if reason else f"{by} 解除锁定"
        commanding.note(book, words, step="hold")
        commanding.answer(item)


def note_look(file: ItemFile, *, by: Any) -> None:
    """Who looked at which file, and when."""
    with writing(ITEM, file.item_id, by=by, key=None, verb="look", body=[file.pk]) as opened:
        if opened is not None:
            commanding, book = opened
            commanding.note(book, f"{by} 查看电子文件 {mask_free_text(file.name)}", step="look")
