"""The columns a roll may have, and the many ways in which people head them."""

from __future__ import annotations

import re
from typing import Final

from yihu.kernel.importing.headings import Field, Words, left_out

FIELDS: Final = (
    Field("cluster", "组团", "组团 组团名称 所属组团 期 期数 分期 几期 期别 区 区域 片区 分区 苑区 地块 标段"),
    Field(
        "building",
        "楼栋",
        "楼栋 楼栋号 楼号 栋号 幢号 座号 栋 幢 楼 座 楼座 号楼 楼幢 栋别 栋座 楼宇 楼宇号 楼栋名称 几号楼 所在楼栋",
    ),
    Field("entrance", "单元", "单元 单元号 单元名称 梯 梯号 门栋 门洞 几单元 所在单元"),
    Field(
        "room",
        "房号",
        "房号 室号 房间号 门牌号 户号 房屋编号 房屋号 房间 室 房间编号 房产编号 单元房号 房屋 房屋名称 房产 房屋地址 房屋坐落 "
        "坐落 住址 地址 物业地址 完整房号 房号全称 门牌 铺号 铺位号 商铺号 商铺编号 房源 房源编号 房产地址 楼栋房号 楼房号 楼栋单元房号",
    ),
    Field(
        "gross_area",
        "建筑面积",
        "建筑面积 建面 面积 房屋面积 产权面积 租赁面积 租赁建筑面积 合同面积 房屋建筑面积 产证面积 证载面积 销售面积",
    ),
    Field("net_area", "套内面积", "套内面积 套内 套内建筑面积 使用面积 实用面积 室内面积 套内使用面积"),
    Field("billing_area", "计费面积", "计费面积 收费面积 物业费面积 计费建筑面积 收费建筑面积"),
    Field("kind", "房屋类型", "房屋类型 业态 房屋性质 物业类型 房产类型 房屋类别 物业业态 类型"),
    Field(
        "owner",
        "业主姓名",
        "业主姓名 业主 业主名称 产权人 产权人姓名 权利人 权利人姓名 户主 户主姓名 房主 房主姓名 姓名 购房人 购房人姓名 买受人 产权单位 "
        "业主名 业主姓名名称 业主单位 产权人名称 客户姓名 客户名称 业户 业户姓名 业户名称 姓名名称",
    ),
    Field(
        "id_no",
        "证件号码",
        "证件号码 证件号 身份证 身份证号 身份证号码 业主身份证 业主身份证号 业主身份证号码 统一社会信用代码 社会信用代码 信用代码 "
        "身份证号统一社会信用代码 身份证号码统一社会信用代码 营业执照号 营业执照号码 业主证件号 业主证件号码 有效证件号 有效证件号码 "
        "公民身份号码 身份证件号码 身份证信用代码 产权人身份证号",
        personal="id",
    ),
    Field(
        "phone",
        "联系电话",
        "联系电话 电话 手机 手机号 手机号码 联系方式 业主电话 业主手机 业主手机号 业主联系电话 本人电话 电话号码 移动电话 联系手机 "
        "联系号码 电话1 联系电话1 手机1 第一联系电话 产权人电话 业主联系方式 主要电话 常用电话 客户电话 姓名电话",
        personal="phone",
    ),
    Field(
        "phone2",
        "备用电话",
        "备用电话 电话2 联系电话2 手机2 第二联系电话 家庭电话 其他电话 备用联系电话 座机 固定电话 固话 其它电话 备用手机 备用联系方式 "
        "备用号码 另一电话 办公电话 宅电",
        personal="phone",
    ),
    Field("share", "产权份额", "产权份额 份额 产权比例 共有份额 产权占比"),
    Field("contact_name", "联系人", "联系人 联系人姓名 经办人 负责人 单位联系人"),
    Field("mailing_address", "通讯地址", "通讯地址 通信地址 邮寄地址 联系地址 邮政地址"),
    Field(
        "handed_over_on",
        "交房日期",
        "交房日期 交房时间 收房日期 收房时间 收楼日期 收楼时间 交楼日期 交楼时间 入伙日期 入伙时间 接房日期 接房时间 交付日期 交付时间 "
        "领房日期 交房 收房 收楼 接房 入伙 实际交房日期 办理交房日期 交房办理日期 领钥匙日期",
    ),
    Field(
        "renovation_begun_on",
        "装修办理日期",
        "装修办理日期 装修办理时间 装修日期 装修时间 装修开工日期 装修申请日期 装修登记日期 装修手续办理日期 装修开始日期 开工日期 "
        "装修办理 办理装修日期 装修进场日期 装修备案日期 装修申报日期 装修手续日期",
    ),
    Field(
        "moved_in_on",
        "入住日期",
        "入住日期 入住时间 入住装修竣工验收日期 装修竣工验收日期 装修验收日期 竣工验收日期 装修竣工日期 装修完工日期 入住 装修验收时间 "
        "实际入住日期 入住装修验收日期 验收日期 装修竣工验收时间 装修竣工验收 装修验收",
    ),
    Field(
        "use",
        "使用情况",
        "使用情况 使用状态 使用现状 用途 房屋用途 使用性质 房屋状态 入住情况 居住情况 入住状态 状态 目前用途 房屋使用情况",
    ),
    Field(
        "lessee",
        "租户姓名",
        "租户姓名 租户 租户名称 承租人 承租人姓名 承租方 承租单位 租客 租客姓名 租赁人 使用人 承租人名称 租客名称 租赁方 使用单位 入驻企业 "
        "企业名称 公司名称",
    ),
    Field(
        "lessee_id",
        "租户证件号码",
        "租户证件号码 租户证件号 租户身份证 租户身份证号 租户身份证号码 承租人身份证号 承租人证件号 承租人证件号码 租客身份证号 租户信用代码 "
        "租户统一社会信用代码 承租人身份证 承租人身份证号码",
        personal="id",
    ),
    Field(
        "lessee_phone",
        "租户电话",
        "租户电话 租户联系电话 租户手机 租户手机号 承租人电话 承租人联系电话 承租人手机 租客电话 租客联系电话 租客手机 租赁人电话 "
        "使用人电话 租户联系方式 承租人联系方式 使用人联系电话 承租方电话",
        personal="phone",
    ),
    Field("lessee_contact", "租户联系人", "租户联系人 承租方联系人 承租单位联系人"),
    Field(
        "lease_from",
        "租期起",
        "租期起 起租日期 起租日 租赁开始日期 租赁起始日期 合同开始日期 合同起始日期 租期开始 起始日期 开始日期 租赁起日 租约开始 合同起",
    ),
    Field(
        "lease_to",
        "租期止",
        "租期止 到期日 到期日期 租赁结束日期 租赁终止日期 合同结束日期 合同终止日期 合同到期日 租期结束 终止日期 结束日期 租赁止日 租约到期 合同止",
    ),
    Field("emergency_name", "紧急联系人", "紧急联系人 紧急联系人姓名 应急联系人"),
    Field(
        "emergency_phone",
        "紧急联系电话",
        "紧急联系电话 紧急联系人电话 紧急电话 应急联系电话 应急联系人电话",
        personal="phone",
    ),
    Field("parking", "车位号", "车位号 车位 停车位 车位编号 停车位号 车位号码 产权车位", repeats=True),
    Field("plate", "车牌号", "车牌号 车牌 车牌号码 车辆牌号 车号 车辆 业主车牌 车牌号1 车牌1", repeats=True),
    Field("remark", "备注", "备注 备注说明 说明 备考 附注 备注信息 其他说明 特殊情况", repeats=True),
    Field("rent_fen", "月租金", "月租金 租金 租金标准 每月租金 月租"),
    Field("fee_rate_fen", "物业费单价", "物业费单价 物业费标准 物业服务费单价 物业费收费标准 物业管理费单价"),
    Field("aircon_rate_fen", "空调费单价", "空调费单价 空调费标准 中央空调费单价 空调使用费单价"),
    Field("deposit_fen", "装修保证金", "装修保证金 装修押金 押金 保证金 租赁保证金 履约保证金"),
    left_out(
        "序号 序 编号 行号 no 楼层 层 层数 所在层 所在楼层 物业费 收费标准 物业服务费 "
        "公摊面积 性别 民族 户型 朝向 房型 年龄 出生日期 经办 登记人 登记日期 填表日期 页码"
    ),
)

# In a roll of lessees the plain headings are theirs.
OF_LESSEE: Final = {"id_no": "lessee_id", "phone": "lessee_phone", "contact_name": "lessee_contact"}
_LESSEE_GROUP: Final = re.compile("租户|租客|承租|租赁|使用人")
_EMERGENCY_GROUP: Final = re.compile("紧急|应急")
_IN_GROUP: Final = {
    "lessee": {"owner": "lessee", "id_no": "lessee_id", "phone": "lessee_phone", "phone2": "lessee_phone", "contact_name": "lessee_contact"},
    "emergency": {"owner": "emergency_name", "phone": "emergency_phone", "contact_name": "emergency_name"},
}  # fmt: skip


def _in_group(name: str, group: str) -> str:
    if _LESSEE_GROUP.search(group):
        return _IN_GROUP["lessee"].get(name, name)
    if _EMERGENCY_GROUP.search(group):
        return _IN_GROUP["emergency"].get(name, name)
    return name


WORDS: Final = Words(FIELDS, _in_group)
BY_NAME: Final = WORDS.by_name
