"""The tables of the archives."""

from yihu.areas.archives.models.disclosure import Disclosure
from yihu.areas.archives.models.reading import Reading
from yihu.areas.archives.models.request import DataRequest
from yihu.areas.archives.models.shelves import Cabinet, RoomEntry, ShelfCheck

__all__ = ["Cabinet", "DataRequest", "Disclosure", "Reading", "RoomEntry", "ShelfCheck"]
