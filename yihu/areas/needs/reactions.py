"""What was signed and then corrected is signed again."""

from typing import Any

from yihu.areas.needs.models import Need
from yihu.kernel.reactions import reacts_to


@reacts_to("needs.need.correct")
def correction_ends_the_sign_off(record: Any, commanding: Any) -> None:
    need = Need.objects.get(pk=record.pk)
    if need.closed_at is None and need.sign_off == Need.SignOff.SIGNED:
        commanding.perform(need, "changed", data={}, files={})
