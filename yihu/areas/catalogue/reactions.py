"""A loan or a list that was entered by mistake sets its items free again."""

from typing import Any

from yihu.areas.catalogue.effects import free
from yihu.areas.catalogue.models import ItemLoan
from yihu.kernel.reactions import reacts_to


@reacts_to("catalogue.itemloan.withdraw")
@reacts_to("catalogue.itemloan.merge")
def item_is_free_again(record: Any, commanding: Any) -> None:
    ItemLoan.objects.filter(pk=record.pk).update(is_out=False)


@reacts_to("catalogue.destruction.withdraw")
@reacts_to("catalogue.destruction.merge")
def list_is_free_again(record: Any, commanding: Any) -> None:
    free(record.pk)
