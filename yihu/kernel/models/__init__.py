"""The kernel's tables."""

from yihu.kernel.models.attachment import Attachment, StoredFile
from yihu.kernel.models.command import Command, Sequence
from yihu.kernel.models.deadline import Deadline
from yihu.kernel.models.jobs import *  # noqa: F403
from yihu.kernel.models.journal import Book, JournalEntry
from yihu.kernel.models.link import Barred, Link
from yihu.kernel.models.locked import LockedFile, LockedText
from yihu.kernel.models.message import Message
from yihu.kernel.models.parameter import CalendarDay, CalendarYear, Parameter
from yihu.kernel.models.prints import IssuedCopy, PrintRun
from yihu.kernel.models.record import Record, RecordQuerySet, record_seen_by
from yihu.kernel.models.saved import SavedFilter
from yihu.kernel.models.search import SearchEntry
from yihu.kernel.models.tally import Tally

__all__ = [
    "Attachment",
    "Barred",
    "Book",
    "CalendarDay",
    "CalendarYear",
    "Command",
    "Deadline",
    "IssuedCopy",
    "JournalEntry",
    "Link",
    "LockedFile",
    "LockedText",
    "Message",
    "Parameter",
    "PrintRun",
    "Record",
    "RecordQuerySet",
    "SavedFilter",
    "SearchEntry",
    "Sequence",
    "StoredFile",
    "Tally",
    "record_seen_by",
]
