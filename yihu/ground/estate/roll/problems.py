"""What can be wrong with a roll and with nothing else."""

from __future__ import annotations

from typing import Final

from yihu.kernel.importing.problems import ERROR, WARNING, Kind, add_kinds, problem

KINDS: Final = {
    "which_cluster": Kind(ERROR, "缺组团", "与工作表“{0}”的房号相同，但没有写明组团。", "请说明各工作表属于哪个组团。"),
    "no_key": Kind(ERROR, "房号不全", "{0}", "请补全楼栋和房号；不是房屋的行请删去。"),
    "key_twice": Kind(ERROR, "房号重复", "与“{0}”第 {1} 行是同一房屋。", "请删去多余的一行，或改正房号。"),
    "bad_date": Kind(ERROR, "日期读不懂", "读不出日期。", "请写成 2009-05-16 这样的年月日。"),
    "bad_area": Kind(ERROR, "面积读不懂", "读不出面积。", "请只写平方米数，如 89.52。"),
    "bad_amount": Kind(ERROR, "金额读不懂", "读不出金额。", "请只写数字，如 20000 或 16.50，最多两位小数。"),
    "no_lessees": Kind(ERROR, "不是租户台账", "文件里没有“租户名称”一列。", "请检查选对了文件；业主名册请用 import_roll 导入。"),
    "bad_share": Kind(ERROR, "份额读不懂", "读不出份额。", "请写成 50% 或 0.5 这样的数，不超过 100%。"),
    "lease_backwards": Kind(ERROR, "租期颠倒", "租期止早于租期起。", "请核对租期的起止日期。"),
    "missing_name": Kind(WARNING, "缺姓名", "没有业主姓名。", "可以导入，请在导入后补登。"),
    "missing_use": Kind(WARNING, "缺使用情况", "没有写使用情况。", "可以导入，请在导入后补登。"),
    "unknown_use": Kind(WARNING, "使用情况不认识", "不认识这种使用情况。", "可写：自住、出租、商住、空置、办公、商业。"),
    "unknown_kind": Kind(WARNING, "房屋类型不认识", "不认识这种房屋类型。", "可写：住宅、写字楼、商铺。"),
    "doubtful_id": Kind(WARNING, "证件号待核", "{0}", "可以导入，请对照证件核对。"),
    "spoilt_id": Kind(WARNING, "证件号已失真", "证件号按数字存放，末几位已丢失，未导入。", "请把这一列设为文本，重新填写。"),
    "other_phone": Kind(WARNING, "电话不一致", "同一客户在“{0}”第 {1} 行的电话不同，此处的未导入。", "请核对后在客户资料中更正。"),
    "one_id_two_names": Kind(WARNING, "证件号相同姓名不同", "与“{0}”第 {1} 行证件号相同而姓名不同，按两位客户导入。", "请核对姓名和证件号。"),
    "dates_out_of_order": Kind(WARNING, "日期先后不合", "{0}早于{1}。", "可以导入，请核对日期。"),
    "future_date": Kind(WARNING, "日期在将来", "日期在今天之后。", "可以导入，请核对日期。"),
    "serial_date": Kind(WARNING, "日期是数字", "按 Excel 日期读作 {0}。", "请核对；最好把这一列设为日期格式。"),
    "net_over_gross": Kind(WARNING, "面积大小不合", "套内面积大于建筑面积。", "可以导入，请核对面积。"),
    "near_key": Kind(WARNING, "房号相近", "与“{0}”第 {1} 行只差开头的零，按两套房屋导入。", "请核对是否同一房屋。"),
    "plate_twice": Kind(WARNING, "车牌重复", "与“{0}”第 {1} 行的车牌相同，归前一户。", "请核对车辆是谁的。"),
    "parking_twice": Kind(WARNING, "车位重复", "与“{0}”第 {1} 行的车位相同，归前一户。", "请核对车位是谁的。"),
    "taken_by_other": Kind(WARNING, "已归他户", "已登记在 {0} 名下，未改。", "请核对后在该户资料中更正。"),
    "lease_over": Kind(WARNING, "租约已到期", "租约已于 {0} 到期。", "请联系续签，或登记撤场。"),
    "owner_changed": Kind(WARNING, "业主变更", "原业主 {0}，自导入之日起改为新业主。", "请核对是否过户，补登过户日期。"),
    "lessee_changed": Kind(WARNING, "租户变更", "原租户 {0}，自导入之日起改为新租户。", "请核对是否换租。"),
    "kept": Kind(WARNING, "保留人工更正", "上次导入后有人改过，现为“{0}”，没有覆盖。", "如以表中为准，请在导入前勾选。"),
}  # fmt: skip
add_kinds(KINDS)

__all__ = ["problem"]
