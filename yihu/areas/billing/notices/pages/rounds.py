"""送达分工: which building is whose round."""

from yihu.areas.billing.notices import who
from yihu.areas.billing.notices.forms.sheets import RoundForm
from yihu.areas.billing.notices.models import Round
from yihu.kernel.plain_pages import PlainRegister

ROUNDS = PlainRegister(
    model=Round, name="rounds", title="送达分工", form=RoundForm, read=who.SEE, edit=who.ROUNDS, namespace="notices",
    heads=("楼栋", "送达人", "顺序"), cells=lambda row: (str(row.steward), str(row.position)), word="一栋",
    order=("steward", "position", "pk"), help="派发时按这里把通知单分给送达人，通知单也按这个次序编号、打印。",
    empty="还没有分工。一栋楼写一行；没写的，派发时再定由谁送。",
)  # fmt: skip
