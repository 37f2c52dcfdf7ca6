"""The posts and departments of a property office, and which department a post usually belongs to (domain.md §1.2)."""

from __future__ import annotations

DEPARTMENTS = (
    ("cs_dept", "客服部"),
    ("engineering", "工程部"),
    ("security", "安环部"),
    ("cleaning", "保洁绿化部"),
    ("finance", "财务部"),
    ("admin_hr", "行政人事部"),
    ("gm_office", "总办"),
)

# (code, title, usual department)
_POSTS = (
    ("receptionist", "前台接待", "cs_dept"),
    ("cs_officer", "客服专员", "cs_dept"),
    ("senior_cs_officer", "高级专员", "cs_dept"),
    ("cs_supervisor", "客服主管", "cs_dept"),
    ("cs_manager", "客服经理", "cs_dept"),
    ("project_manager", "项目经理", ""),
    ("engineering_head", "工程主管", "engineering"),
    ("technician", "维修工", "engineering"),
    ("engineering_clerk", "工程部文员", "engineering"),
    ("archivist", "档案管理员", "cs_dept"),
    ("key_keeper", "钥匙管理员", "cs_dept"),
    ("steward", "楼管", "cs_dept"),
    ("sales_rep", "营销代表", ""),
    ("fee_collector", "收费员", "cs_dept"),
    ("cashier", "出纳", "finance"),
    ("accountant", "会计", "finance"),
    ("finance_supervisor", "财务主管", "finance"),
    ("cost_auditor", "成本审核员", "finance"),
    ("security_guard", "保安", "security"),
    ("sysadmin", "系统管理员", ""),
)

POSTS = tuple((code, title) for code, title, _ in _POSTS)
POST_TITLES = dict(POSTS)
# who answers for a department; where nobody holds such a post, the project manager does
HEADS = {
    "cs_dept": ("cs_supervisor", "cs_manager"),
    "engineering": ("engineering_head",),
    "finance": ("finance_supervisor",),
}
USUAL_DEPARTMENT = {code: department for code, _, department in _POSTS}
DEPARTMENT_NAMES = dict(DEPARTMENTS)
