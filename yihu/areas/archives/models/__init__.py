"""The tables of the archives."""

from yihu.areas.archives.models.reading import Reading
from yihu.areas.archives.models.shelves import Cabinet, RoomEntry, ShelfCheck

__all__ = ["Cabinet", "Reading", "RoomEntry", "ShelfCheck"]
