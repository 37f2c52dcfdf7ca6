"""When the last promise of a talk is kept, the talk is filed."""

from typing import Any

from yihu.areas.relations.effects import still_followed
from yihu.areas.relations.models import Talk
from yihu.kernel.reactions import reacts_to


@reacts_to("*.closed")
def talk_may_be_filed(record: Any, commanding: Any) -> None:
    for talk in Talk.objects.filter(links_out__target_id=record.pk, closed_at__isnull=True):
        if not still_followed(talk, None):
            commanding.perform(talk, "kept", data={}, files={})
