"""Tables of the payment notices: the month's batch, its notices with their lines, who brings them, the list he signs for."""

from yihu.areas.billing.notices.models.batches import NoticeBatch
from yihu.areas.billing.notices.models.notices import Notice, NoticeLine
from yihu.areas.billing.notices.models.sheets import DeliverySheet, Round

__all__ = ["DeliverySheet", "Notice", "NoticeBatch", "NoticeLine", "Round"]
