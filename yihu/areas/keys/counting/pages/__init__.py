"""The walk along the hooks, the figure for each cabinet, the days of counting."""

from yihu.areas.keys.counting.pages.overview import overview
from yihu.areas.keys.counting.pages.settings import days
from yihu.areas.keys.counting.pages.walking import tick, walk

__all__ = ["days", "overview", "tick", "walk"]
