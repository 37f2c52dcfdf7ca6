"""Pages from declarations: list, record, step, print, history and export of every register."""

from yihu.kernel.screens.declare import Gathered, Nearby, Screens, Tab, all_screens, screens, screens_of

__all__ = ["Gathered", "Nearby", "Screens", "Tab", "all_screens", "screens", "screens_of"]
