"""The columns of a desk's register, and the office's own words for channels, categories and what is not finished."""

from __future__ import annotations

from typing import Final

from yihu.areas.reception.models import Category, Contact
from yihu.kernel.importing.headings import Field, Words, left_out

WORDS: Final = Words(
    (
        Field("on", "日期", "日期 登记日期 接待日期 来访日期 来电日期 受理日期 年月日"),
        Field("at", "时间", "时间 登记时间 接待时间 来访时间 来电时间 受理时间 日期时间 报修时间 反映时间 时刻"),
        Field("channel", "来访方式", "来访方式 方式 渠道 来源 途径 接待方式 受理方式 反映方式 来访途径 受理渠道"),
        Field("room", "房号", "房号 房间号 室号 门牌号 住址 地址 单元房号 楼栋房号 房屋 业主房号 户号 位置"),
        Field(
            "caller_name",
            "来访人",
            "来访人 姓名 业主姓名 客户姓名 业主 客户 报修人 联系人 来电人 投诉人 反映人 来访人姓名 称呼",
        ),
        Field(
            "phone",
            "联系电话",
            "联系电话 电话 手机 手机号 手机号码 联系方式 电话号码 来电号码 业主电话",
            personal="phone",
        ),
        Field("relation", "身份", "身份 与业主关系 关系 来访人身份 客户类型"),
        Field(
            "content",
            "内容",
            "内容 事项 接待内容 来访内容 反映内容 诉求 事由 问题 主要内容 报修内容 情况描述 事项内容 反映事项",
        ),
        Field("category", "类别", "类别 类型 分类 事项类别 性质 业务类别 接待类别 诉求类别"),
        Field("result", "处理结果", "处理结果 处理情况 结果 办理结果 答复 回复 处理意见 反馈 答复内容 处理措施"),
        Field("state", "办理状态", "办理状态 状态 处理状态 进度 完成情况 是否完成 是否办结 是否处理 办结情况 处理进度"),
        Field("taken_by", "接待人", "接待人 登记人 受理人 经办人 接听人 值班人 前台 接待员 记录人"),
        left_out("序号 序 编号 行号 no 单号 星期 备注 页码"),
    )
)

C = Contact.Channel
_CHANNELS: Final = {
    C.PHONE: "电话 来电 致电 打电话 热线 座机 手机 呼入 电话来电 话务",
    C.VISIT: "来访 上门 到访 面谈 前台 现场 来人 当面 前台来访",
    C.CHAT: "微信 短信 短信/微信 微信群 业主群 企业微信 公众号 小程序 qq QQ APP app 群里",
    C.MAIL: "邮件 邮箱 电子邮件 电子信箱 电邮 email Email E-mail",
    C.LETTER: "信函 来信 书信 信件 函件 函",
    C.BOX: "意见箱 信箱 建议箱",
    C.FORUM: "论坛 业主论坛 网上 网络 贴吧 社区论坛 网帖",
    C.PATROL: "巡查 巡查中 巡视 巡检 巡逻 巡楼",
    C.PASSED_ON: "转办 转来 转交 交办 12345 街道 居委会 上级转办",
}
CHANNEL: Final = {word: str(channel) for channel, words in _CHANNELS.items() for word in words.split()}
_CATEGORIES: Final = {
    Category.REPAIR: "报修 维修 修理 零修 急修 工程报修",
    Category.COMPLAINT: "投诉 抱怨 不满",
    Category.SERVICE: "服务 求助 家政 有偿服务 特约服务 便民 便民服务 代办",
    Category.AFTER_SALES: "售后 保修 质保 房屋质量 质量问题 房修 整改",
    Category.PRAISE: "表扬 感谢 锦旗 好评",
    Category.SUGGESTION: "建议 意见 意见建议 合理化建议",
    Category.OTHER: "其它 其他 咨询 问询 查询 询问 杂项 别的",
}
CATEGORY: Final = {word: str(category) for category, words in _CATEGORIES.items() for word in words.split()}
R = Contact.Relation
_RELATIONS: Final = {
    R.OWNER: "业主 本人 户主 产权人",
    R.LESSEE: "租户 租客 承租人 租房",
    R.FAMILY: "家属 家人 住户 配偶 父母 子女 亲属",
    R.AGENT: "代理 代理人 中介 受托人",
    R.VISITOR: "访客 来客 外来 路人 快递",
    R.ANONYMOUS: "匿名 不愿透露 保密",
}
RELATION: Final = {word: str(relation) for relation, words in _RELATIONS.items() for word in words.split()}
# what is written in place of a name
NAMELESS: Final = frozenset(
    ["不愿透露", "匿名", "保密", "未留名", "不愿留名", "不留名", "无名", "不透露", "不肯说", "未透露", "不详"]
)
UNFINISHED: Final = (
    "未", "否", "待", "处理中", "办理中", "跟进", "进行中", "没有", "没办", "已派", "已转", "暂缓", "挂起",
)  # fmt: skip
