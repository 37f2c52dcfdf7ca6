"""年度预算 · 支出申请与报销、支出更正 · 收支表与预算执行表 · 维修资金凭单."""

from yihu.areas.spending.procedure import budgets, claims, corrections, fund, sheets

__all__ = ["budgets", "claims", "corrections", "fund", "sheets"]
