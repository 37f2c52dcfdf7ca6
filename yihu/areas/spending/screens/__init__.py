"""Pages of planning and spending."""

from yihu.areas.spending.screens import claims, sheets

__all__ = ["claims", "sheets"]
