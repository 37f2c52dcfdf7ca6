"""A loan that was entered by mistake sets its thing free again."""

from typing import Any

from yihu.areas.counter.models import Loan
from yihu.kernel.reactions import reacts_to


@reacts_to("counter.loan.withdraw")
@reacts_to("counter.loan.merge")
def thing_is_free_again(record: Any, commanding: Any) -> None:
    Loan.objects.filter(pk=record.pk).update(is_out=False)
