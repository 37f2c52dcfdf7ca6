"""Printed sheets: declared by an area, set by typst, looking like the form on the wall."""

from yihu.kernel.prints.counting import count_print, reprints
from yihu.kernel.prints.declare import Print
from yihu.kernel.prints.engine import PrintError
from yihu.kernel.prints.issuing import issue
from yihu.kernel.prints.rendering import AT_ONCE, print_each, print_many, print_record, render, render_batch

__all__ = [
    "AT_ONCE",
    "Print",
    "PrintError",
    "count_print",
    "issue",
    "print_each",
    "print_many",
    "print_record",
    "render",
    "render_batch",
    "reprints",
]
