"""《钥匙核查记录》 (F53)."""

from __future__ import annotations

from typing import Any

from yihu.basics.identity import mask_free_text
from yihu.kernel import moments
from yihu.kernel.models import Attachment
from yihu.kernel.signatures import drawing


def count_sheet(count: Any, by: Any) -> dict[str, Any]:
    """No room number stands on it: hooks and tags only (F52)."""
    drawn = {
        one.by_id: one
        for one in Attachment.objects.filter(record_id=count.pk, purpose=Attachment.Purpose.SIGNATURE).order_by(
            "at", "pk"
        )
    }
    lines = [
        [line["hook"], line["tag"], line["words"], f"{line['why']}：{mask_free_text(line['reason'])}"] for line in count.differences or ()
    ]  # fmt: skip
    if count.surplus:
        lines.append(["—", "—", "多出", mask_free_text(count.surplus)])
    signed = count.counted_at is not None
    return {
        "community": count.community.name,
        "number": count.number,
        "cabinet": f"{count.cabinet}（{count.cabinet.place}）",
        "keeper": str(count.cabinet.keeper),
        "turn": count.turn,
        "counted": moments.stamp(count.counted_at),
        "on_register": f"{count.on_register} 个挂钩，其中借出 {count.on_loan}" if signed else "",
        "found": f"{count.found}（相符）"
        if signed and not count.off
        else f"{count.found}，差异 {count.off}"
        if signed
        else "",
        "lines": lines,
        "reported": " ".join(part for part in (count.reported_to, moments.stamp(count.reported_at)) if part),
        "remedy": mask_free_text(count.remedy),
        "counter": f"核查人　{count.counted_by}" if signed else "核查人",
        "counter_sign": drawing(drawn.get(count.counted_by_id)) if signed else "",
        "witness": f"见证人　{count.witness}" if count.witnessed_at else "见证人",
        "witness_sign": drawing(drawn.get(count.witness_id)) if count.witnessed_at else "",
        "witnessed": moments.stamp(count.witnessed_at),
        "signed": signed,
    }
