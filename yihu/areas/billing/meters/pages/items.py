"""表类与收费项目: a short list that the project manager keeps with the prices."""

from __future__ import annotations

from yihu.areas.billing.meters.forms.meters import MeterItemForm
from yihu.areas.billing.meters.models import MeterItem
from yihu.kernel.plain_pages import PlainRegister

METER_ITEMS = PlainRegister(
    model=MeterItem, name="meter-items", title="表类与收费项目", form=MeterItemForm, read="meters.see", edit="ledger.tariff",
    namespace="meters", heads=("表类", "按哪个收费项目出账", "性质"), order=("kind", "pk"), word="一类",
    cells=lambda row: (str(row.item), row.item.get_nature_display()),
    help="抄表用量按这里的收费项目和它的“抄表用量”价格出账。水、电、气、热是代收代付，不得加价。",
    empty="还没有对应。先加上水表、电表各按哪个收费项目出账。",
)  # fmt: skip
