"""Which post may do what on the first day (domain.md §7). A company changes it on the page 岗位权限; this table stays.

A new capability is one row here. Existing installations receive it at the next ``migrate``; what they edited stays.
"""

from __future__ import annotations

from dataclasses import dataclass

from yihu.ground.staff.codes import POSTS

DESK = ("receptionist", "cs_officer", "senior_cs_officer")
SUPERVISOR = ("cs_supervisor",)
MANAGERS = ("cs_manager", "project_manager")
SERVICE = (*DESK, *SUPERVISOR, *MANAGERS)
HEAD = ("engineering_head",)
WORKERS = ("technician",)
ARCHIVE = ("archivist",)
KEEPER = ("key_keeper",)
STEWARD = ("steward",)
MONEY = ("fee_collector", "cashier", "finance_supervisor")
ADMIN = ("sysadmin",)
EVERYBODY = tuple(code for code, _ in POSTS if code not in ADMIN)  # the system's administrator has no business rights

AREAS = {
    "reception": "接待",
    "bringing": "接待登记导入",
    "repairs": "维修",
    "services": "特约服务",
    "relations": "客户关系",
    "warranty": "返修",
    "outages": "停水停电",
    "corrective": "纠正预防",
    "contact": "回访",
    "complaints": "投诉",
    "duties": "值班与汇总",
    "needs": "服务需求",
    "counter": "前台",
    "archives": "档案管理",
    "cards": "门禁水电卡",
    "catalogue": "部门档案",
    "keys": "钥匙",
    "counting": "钥匙核查",
    "estate": "房屋与业户",
    "households": "业户资料",
    "papers": "档案",
    "sending": "消息",
    "cashier": "收费",
    "ledger": "账务",
    "banking": "银行与线上收款",
    "personal": "个人信息",
    "workbench": "今日",
    "knowledge": "知识库",
    "reports": "报表",
    "wall": "大屏",
    "api": "接口",
    "staff": "人员与权限",
    "kernel": "系统",
}


@dataclass(frozen=True)
class Capability:
    """One thing a post may do, in words for the page, and the posts that may do it on the first day."""

    code: str
    label: str
    posts: tuple[str, ...]

    @property
    def area(self) -> str:
        return self.code.split(".", 1)[0]


CAPABILITIES = (
    Capability("reception.open", "登记来访来电", EVERYBODY),
    Capability("reception.register", "查看本项目全部接待记录", SERVICE),
    Capability("reception.route", "分类、分派", (*DESK, *SUPERVISOR)),
    Capability("reception.matter.work", "办理转来的事项", EVERYBODY),
    Capability("reception.transfer", "转交事项给别人", (*DESK, *SUPERVISOR)),
    Capability("reception.correct", "更正接待记录", (*DESK, *SUPERVISOR)),
    Capability("reception.merge", "合并重复的接待记录", (*DESK, *SUPERVISOR)),
    Capability("reception.withdraw", "撤回别人的登记", SUPERVISOR),
    Capability("reception.void", "作废登记", SUPERVISOR),
    Capability("reception.strike_off", "注销", (*DESK, *SUPERVISOR)),
    Capability("reception.import", "导入前台接待登记表", SUPERVISOR),
    Capability("repairs.open", "开维修单", (*DESK, *SUPERVISOR, *HEAD, "engineering_clerk")),
    Capability("repairs.assign", "派工", HEAD),
    Capability("repairs.work", "接单、维修、完工", (*WORKERS, *HEAD)),
    Capability("repairs.lists", "维护工种技能、常见故障、外委单位", (*HEAD, *SUPERVISOR)),
    Capability("repairs.store", "仓库答复领料", ("engineering_clerk", *HEAD)),
    Capability("repairs.see_all", "查看本项目全部维修单", (*SERVICE, *HEAD, "engineering_clerk")),
    Capability("repairs.cancel", "取消维修单", (*DESK, *SUPERVISOR, *HEAD)),
    Capability("repairs.correct", "更正维修单", (*HEAD, *SUPERVISOR)),
    Capability("repairs.decide", "决定上报的暂不能修", SUPERVISOR),
    Capability("repairs.merge", "合并重复的维修单", (*HEAD, *SUPERVISOR)),
    Capability("repairs.withdraw", "撤回别人开的维修单", (*HEAD, *SUPERVISOR)),
    Capability("warranty.open", "开返修联系单", (*DESK, *SUPERVISOR)),
    Capability("warranty.see", "查看本项目全部返修联系单", (*SERVICE, *HEAD, "engineering_clerk")),
    Capability("warranty.work", "交开发商、登记方案与完工、催办", (*DESK, *SUPERVISOR)),
    Capability("warranty.recheck", "返修复检、请业主确认", (*DESK, *SUPERVISOR, *HEAD)),
    Capability("warranty.letter", "向开发商发催办函", (*SUPERVISOR, *MANAGERS)),
    Capability("warranty.settle", "处理返修责任争议", (*SUPERVISOR, *MANAGERS)),
    Capability("warranty.correct", "更正返修联系单", SUPERVISOR),
    Capability("warranty.transfer", "把返修联系单转给别人", (*DESK, *SUPERVISOR)),
    Capability("warranty.merge", "合并重复的返修联系单", SUPERVISOR),
    Capability("warranty.withdraw", "撤回别人开的返修联系单", SUPERVISOR),
    Capability("relations.register", "登记表扬、建议，查看客户关系记录", SERVICE),
    Capability("relations.verify", "核实表扬、记漏查", (*SUPERVISOR, *MANAGERS)),
    Capability("relations.decide", "决定建议是否采纳", ("project_manager",)),
    Capability("relations.look", "查看论坛与意见箱、答复", (*DESK, *SUPERVISOR, "cs_manager")),
    Capability("relations.talk", "登记客户沟通", SERVICE),
    Capability("relations.channels", "维护论坛与意见箱渠道", (*SUPERVISOR, "cs_manager")),
    Capability("relations.merits", "查看全部嘉奖记录", (*SUPERVISOR, *MANAGERS)),
    Capability("relations.transfer", "转交网帖意见给别人", SUPERVISOR),
    Capability("relations.correct", "更正客户关系记录", (*DESK, *SUPERVISOR)),
    Capability("relations.merge", "合并重复的客户关系记录", SUPERVISOR),
    Capability("relations.withdraw", "撤回别人登记的客户关系记录", SUPERVISOR),
    Capability("services.open", "开特约服务单、报价", (*DESK, *SUPERVISOR)),
    Capability("services.assign", "派特约服务单", (*DESK, *SUPERVISOR, *HEAD)),
    Capability("services.work", "承接特约服务", (*DESK, *WORKERS, *HEAD)),
    Capability("services.see_all", "查看本项目全部特约服务单和价目表", (*SERVICE, *HEAD, *MONEY)),
    Capability("services.approve", "批准优惠、冲正", (*SUPERVISOR, *MANAGERS)),
    Capability("services.cancel", "取消特约服务单", (*DESK, *SUPERVISOR)),
    Capability("services.correct", "更正特约服务单", SUPERVISOR),
    Capability("services.merge", "合并重复的特约服务单", SUPERVISOR),
    Capability("services.withdraw", "撤回别人开的特约服务单", SUPERVISOR),
    Capability("services.draft_prices", "起草特约服务价目", ("senior_cs_officer", *SUPERVISOR, "cs_manager")),
    Capability("services.approve_prices", "批准特约服务价目", MANAGERS),
    Capability("services.compile", "编制特约服务月结清单", (*DESK, *SUPERVISOR)),
    Capability("services.receive", "接收特约服务月结清单", MONEY),
    Capability("outages.see", "查看停水停电登记", EVERYBODY),
    Capability("outages.open", "登记停水停电", (*DESK, *SUPERVISOR, *HEAD, "engineering_clerk")),
    Capability("outages.work", "办理停水停电：通知、联系市政、恢复", (*DESK, *SUPERVISOR, *HEAD, "engineering_clerk")),
    Capability("outages.correct", "更正停水停电登记", (*SUPERVISOR, *HEAD)),
    Capability("outages.merge", "合并重复的停水停电登记", (*SUPERVISOR, *HEAD)),
    Capability("outages.withdraw", "撤回别人的停水停电登记", (*SUPERVISOR, *HEAD)),
    Capability("complaints.open", "登记投诉、拟处理表", SERVICE),
    Capability("complaints.register", "查看本项目全部投诉", SERVICE),
    Capability("complaints.work", "答复业主、记业主意见", (*DESK, *SUPERVISOR, "cs_manager")),
    Capability("complaints.judge", "判定投诉是否有效、定级、代为致歉", (*SUPERVISOR, *MANAGERS)),
    Capability("complaints.confirm", "确认投诉处理表并发单", MANAGERS),
    Capability("complaints.approve", "确认投诉归档、判定重大投诉、答复申诉", ("project_manager",)),
    Capability("complaints.approve_minor", "受项目经理委托，确认轻微投诉归档", ("project_manager",)),
    Capability("complaints.call_back", "回访投诉人", SERVICE),
    Capability("complaints.handle", "承办投诉", EVERYBODY),
    Capability("complaints.transfer", "把投诉转给别人", (*SUPERVISOR, "cs_manager")),
    Capability("complaints.correct", "更正投诉记录", SUPERVISOR),
    Capability("complaints.merge", "合并重复的投诉", SUPERVISOR),
    Capability("complaints.withdraw", "撤回投诉", SUPERVISOR),
    Capability("corrective.see", "查看本项目全部纠正预防措施", SERVICE),
    Capability("corrective.open", "登记不合格、立项、改期", (*SUPERVISOR, *MANAGERS, *HEAD)),
    Capability("corrective.work", "负责纠正预防措施", EVERYBODY),
    Capability("corrective.check", "验证纠正预防措施的效果", (*SUPERVISOR, *MANAGERS)),
    Capability("corrective.close", "关闭纠正预防措施、审核公布案例", MANAGERS),
    Capability("corrective.write_case", "写投诉案例", (*SUPERVISOR, *MANAGERS)),
    Capability("corrective.read_cases", "看投诉案例", SERVICE),
    Capability("corrective.transfer", "把纠正预防措施转给别人", (*SUPERVISOR, *MANAGERS)),
    Capability("corrective.correct", "更正纠正预防措施", SUPERVISOR),
    Capability("corrective.merge", "合并重复的纠正预防措施", SUPERVISOR),
    Capability("corrective.withdraw", "撤回别人登记的纠正预防措施、案例", SUPERVISOR),
    Capability("contact.call_back", "回访与满意度", (*DESK, *SUPERVISOR)),
    Capability("duties.compile", "编制每日、每周、每月汇总", (*DESK, *SUPERVISOR)),
    Capability("duties.read", "查阅每日、每周、每月汇总和工作日志", (*SUPERVISOR, *MANAGERS)),
    Capability("duties.approve", "审签投诉情况月汇总表", ("project_manager",)),
    Capability("duties.diary", "写工作日志", (*DESK, *SUPERVISOR)),
    Capability("needs.open", "登记、补正服务需求", (*DESK, *SUPERVISOR)),
    Capability("needs.register", "查看本项目全部服务需求", SERVICE),
    Capability("needs.work", "承办服务需求", EVERYBODY),
    Capability("needs.approve", "签批服务需求登记表", (*SUPERVISOR, "cs_manager")),
    Capability("needs.correct", "更正服务需求", SUPERVISOR),
    Capability("needs.transfer", "把服务需求转给别人", (*DESK, *SUPERVISOR)),
    Capability("needs.merge", "合并重复的服务需求", SUPERVISOR),
    Capability("needs.withdraw", "撤回别人的服务需求", SUPERVISOR),
    Capability("counter.see", "查看前台的留言、检查、清点、借用", SERVICE),
    Capability("counter.work", "转达留言、检查清点、借出收回", (*DESK, *SUPERVISOR)),
    Capability("counter.take_note", "记代转留言", EVERYBODY),
    Capability("counter.receive", "收代转留言、借用物品、整改", EVERYBODY),
    Capability("counter.settle", "了结清点差异、赔偿", (*SUPERVISOR, "cs_manager")),
    Capability("counter.read", "审阅前台检查", (*SUPERVISOR, "cs_manager")),
    Capability("counter.lists", "维护检查项目、物品清单、可借物品", SUPERVISOR),
    Capability("counter.see_numbers", "查服务电话与收费", EVERYBODY),
    Capability("counter.numbers", "拟写服务电话与收费", (*DESK, *SUPERVISOR)),
    Capability("counter.publish", "审定服务电话与收费", (*SUPERVISOR, "cs_manager")),
    Capability("counter.correct", "更正前台登记", SUPERVISOR),
    Capability("counter.transfer", "把留言转给别人", (*DESK, *SUPERVISOR)),
    Capability("counter.withdraw", "撤回别人的前台登记", SUPERVISOR),
    Capability("cards.see", "查看门禁水电卡", (*SERVICE, *KEEPER)),
    Capability("cards.work", "发卡、挂失、停用、补换、退回", (*DESK, *SUPERVISOR, *KEEPER)),
    Capability("cards.stock", "空白卡入库", (*SUPERVISOR, *KEEPER)),
    Capability("cards.correct", "更正发卡登记", SUPERVISOR),
    Capability("catalogue.see", "查看部门档案总目录、借阅、销毁、台账归档", (*SERVICE, *HEAD, *ARCHIVE)),
    Capability("catalogue.keep", "维护部门档案总目录，借出、编销毁清单", (*SUPERVISOR, *ARCHIVE)),
    Capability("catalogue.hold", "锁定档案、报失、不批准销毁、定合同去向", (*SUPERVISOR, *MANAGERS)),
    Capability("catalogue.borrow", "借阅部门档案、监销", EVERYBODY),
    Capability("catalogue.check", "核对销毁清单", (*SUPERVISOR, *ARCHIVE)),
    Capability("catalogue.sign_supervisor", "销毁清单主管签批", SUPERVISOR),
    Capability("catalogue.sign_manager", "销毁清单经理签批", MANAGERS),
    Capability("catalogue.see_contracts", "查看合同台账", (*SUPERVISOR, *MANAGERS, *ARCHIVE, "finance_supervisor")),
    Capability("catalogue.contracts", "登记、续签、终止合同", (*SUPERVISOR, *ARCHIVE)),
    Capability("catalogue.see_titles", "查看权属清册", (*SUPERVISOR, *MANAGERS, *ARCHIVE)),
    Capability("catalogue.titles", "维护权属清册", (*SUPERVISOR, *ARCHIVE)),
    Capability("catalogue.file_ledgers", "打印归档台账", (*DESK, *SUPERVISOR, *ARCHIVE)),
    Capability("catalogue.read_ledgers", "审阅台账归档", (*SUPERVISOR, "cs_manager")),
    Capability("catalogue.correct", "更正借阅、合同登记", SUPERVISOR),
    Capability("catalogue.transfer", "把合同转给别人经办", SUPERVISOR),
    Capability("catalogue.merge", "合并重复的部门档案登记", SUPERVISOR),
    Capability("catalogue.withdraw", "撤回别人的部门档案登记", SUPERVISOR),
    Capability("keys.see", "查看钥匙台账、使用登记、遗失报告", (*SERVICE, *KEEPER, *STEWARD)),
    Capability("keys.keep", "收、发、收回、解除钥匙", (*DESK, *SUPERVISOR, *KEEPER)),
    Capability("keys.lists", "维护钥匙柜和台账", (*SUPERVISOR, *KEEPER)),
    Capability("keys.approve_borrow", "批准借用钥匙", (*SUPERVISOR, *MANAGERS)),
    Capability("keys.approve_draw", "批准领用钥匙", (*SUPERVISOR, *MANAGERS)),
    Capability("keys.approve_copy", "批准复制钥匙", (*SUPERVISOR, *MANAGERS)),
    Capability("keys.borrow", "借用、领用钥匙", EVERYBODY),
    Capability("keys.repair", "凭维修单借钥匙", (*WORKERS, *HEAD)),
    Capability("keys.view_flats", "为未入住房屋看房借钥匙", ("sales_rep",)),
    Capability("keys.report", "报钥匙遗失、损坏", EVERYBODY),
    Capability("keys.settle", "处理钥匙遗失、损坏", (*SUPERVISOR, *MANAGERS)),
    Capability("keys.check_vacant", "看房后检查空置房", (*STEWARD, *DESK, *SUPERVISOR)),
    Capability("keys.correct", "更正钥匙登记", SUPERVISOR),
    Capability("keys.merge", "合并重复的钥匙登记", SUPERVISOR),
    Capability("keys.withdraw", "撤回别人的钥匙登记", SUPERVISOR),
    Capability("archives.keep", "维护档案目录和档案柜、处理核对差异", (*SUPERVISOR, *ARCHIVE)),
    Capability("archives.check", "核对业主档案", (*DESK, *SUPERVISOR, *ARCHIVE)),
    Capability("archives.enter", "登记进出档案室", (*SERVICE, *ARCHIVE)),
    Capability("archives.ask", "申请查阅业主档案", EVERYBODY),
    Capability("archives.allow", "批准查阅业主档案、批准向外提供个人信息", ("cs_manager",)),
    Capability("archives.disclose", "登记向外提供个人信息、经手提供", (*DESK, *SUPERVISOR)),
    Capability("archives.looks", "查看谁看过个人信息", MANAGERS),
    Capability("archives.correct", "更正档案登记", (*SUPERVISOR, *ARCHIVE)),
    Capability("archives.withdraw", "撤回别人的档案登记", SUPERVISOR),
    Capability("counting.see", "查看钥匙核查", (*SERVICE, *KEEPER)),
    Capability("counting.count", "核查钥匙柜、签字", (*DESK, *SUPERVISOR, *KEEPER)),
    Capability("counting.witness", "见证钥匙核查", EVERYBODY),
    Capability("counting.settle", "了结钥匙核查的差异", (*SUPERVISOR, "cs_manager")),
    Capability("counting.withdraw", "撤回钥匙核查", SUPERVISOR),
    Capability("estate.see", "查看房屋与业户", (*SERVICE, *ARCHIVE, *MONEY, "accountant")),
    Capability("estate.edit", "维护房屋与业户", (*DESK, *SUPERVISOR, *ARCHIVE)),
    Capability("estate.import", "导入业主名册", (*SUPERVISOR, *ARCHIVE)),
    Capability("households.see", "查看过户、租户商住登记和资料核对", (*SERVICE, *ARCHIVE)),
    Capability("households.title", "登记过户", (*DESK, *SUPERVISOR, *ARCHIVE)),
    Capability("households.file", "登记租户商住", (*DESK, *SUPERVISOR)),
    Capability("households.round", "结束每月的资料核对", (*SUPERVISOR, *ARCHIVE)),
    Capability("households.tidy", "整理客户资料、合并重复的客户", (*SUPERVISOR, *ARCHIVE)),
    Capability("households.allow", "批准导出完整名单（不是申请人）", MANAGERS),
    Capability("households.correct", "更正过户与租户登记", SUPERVISOR),
    Capability("cashier.draft", "起草手工账单", (*DESK, *SUPERVISOR, "fee_collector", "cashier", "accountant")),
    Capability("ledger.arrears", "知道一户有没有欠费（不看金额）", (*SERVICE, *STEWARD)),
    Capability("ledger.see", "查看账单、收款和账目", (*MONEY, "accountant", *MANAGERS)),
    Capability("ledger.tariff", "定收费项目和价格", ("project_manager",)),
    Capability("ledger.bill", "出账单、调整账单", ("accountant",)),
    Capability("ledger.collect", "收款、认领、收押金", ("fee_collector", "cashier")),
    Capability("ledger.reverse", "冲销、减免、退款、退押金", ("finance_supervisor",)),
    Capability("ledger.books", "结账", ("accountant", "finance_supervisor")),
    Capability("banking.import", "导入银行流水、渠道结算单", ("cashier", "finance_supervisor")),
    Capability("banking.lists", "维护银行账户", ("cashier", "finance_supervisor")),
    Capability("papers.see", "查看户内档案", (*DESK, *SUPERVISOR, "cs_manager", *ARCHIVE)),
    Capability("papers.file", "归档", (*DESK, *SUPERVISOR, *ARCHIVE)),
    Capability("sending.see", "查看发件箱", (*SERVICE, *HEAD)),
    Capability("sending.send", "给客户发消息、取消、重发", (*DESK, *SUPERVISOR)),
    Capability("sending.consent", "登记客户的联系方式与同意", (*DESK, *SUPERVISOR, *ARCHIVE)),
    Capability("sending.draft", "起草消息模板", (*SUPERVISOR, "cs_manager")),
    Capability("sending.approve", "批准消息模板", (*SUPERVISOR, "cs_manager")),
    Capability("personal.reveal", "查看完整电话、证件号（留痕）", (*DESK, *SUPERVISOR, "cs_manager", *ARCHIVE)),
    Capability("personal.former", "查看已迁出客户的完整电话（留痕）", (*SUPERVISOR, "cs_manager")),
    Capability("wall.manage", "开通、停用大屏", (*SUPERVISOR, *HEAD)),
    Capability("api.manage", "开通、停用接口", ADMIN),
    Capability("reports.see", "查看报表、打印月度台账", (*SERVICE, *HEAD)),
    Capability("workbench.team", "查看下属的待办", (*SUPERVISOR, *MANAGERS, *HEAD)),
    Capability("knowledge.edit", "编写知识库和接待指引", (*SUPERVISOR, "cs_manager")),
    Capability("staff.see", "查看人员与岗位", (*SUPERVISOR, *MANAGERS, *ADMIN)),
    Capability("staff.manage", "管理人员、任职与权限", ADMIN),
    Capability("kernel.export", "导出列表", (*SUPERVISOR, *MANAGERS)),
    Capability("kernel.parameters", "修改时限与参数", ADMIN),
    Capability("kernel.calendar", "维护工作日历", ADMIN),
)

# What the kernel lets every register do; those not named above are granted to nobody until somebody ticks them.
BUILT_IN = {"correct": "更正记录", "merge": "合并重复的记录", "transfer": "转交给别人", "withdraw": "撤回别人的登记"}
BY_CODE = {capability.code: capability for capability in CAPABILITIES}


def label_of(code: str) -> str:
    """The capability in words; what every register has beside its steps is said alike for all of them."""
    if code in BY_CODE:
        return BY_CODE[code].label
    return BUILT_IN.get(code.rpartition(".")[2], code)


def area_label(code: str) -> str:
    area = code.split(".", 1)[0]
    return AREAS.get(area, area)
