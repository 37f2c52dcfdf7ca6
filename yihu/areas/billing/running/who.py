"""Who draws up and posts, who checks, who agrees to taking back: never the same person (domain.md §7)."""

from yihu.ground.ledger.posting import BILL, REVERSE, TARIFF
from yihu.kernel.who import did, may, opener

CHECK = "running.check"
# who sets prices never bills, even if he holds both posts
BILLER = may(BILL, "会计") & ~may(TARIFF, "定价的人")
CHECKER = may(CHECK, "财务主管或另一位会计") & ~may(TARIFF, "定价的人")
DREW_IT = opener | did("redraw", "重新试算的人")
APPROVER = may(REVERSE, "财务主管") & ~did("ask_back", "申请人")
