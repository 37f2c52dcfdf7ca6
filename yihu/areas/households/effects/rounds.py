"""A month's round: what is on its list when it begins, what came of it when it ends."""

from __future__ import annotations

from typing import Any

from yihu.areas.households.verifying import left
from yihu.ground.estate.verifying import verified_in


def opened(act: Any) -> None:
    record = act.record
    record.units = verified_in(record.community_id, record.first_on, record.last_on)[1]
    record.listed = left(record).count()
    act.tell_post("archivist", f"{record.first_on:%Y-%m} 资料核对开始，列入 {record.listed} 户，月底前核对完。")


def shut(act: Any) -> None:
    record = act.record
    record.done, record.units = verified_in(record.community_id, record.first_on, record.last_on)
    record.left = left(record).count()
    said = f"{record.first_on:%Y-%m} 资料核对结束：核对 {record.done} 户，更新率 {record.rate}，还有 {record.left} 户。"
    act.tell_post("cs_supervisor", said)
