"""Who may do what with corrective actions and cases, and who reads a case."""

from django.db.models import Q

from yihu.kernel.sight import Sight, with_capability
from yihu.kernel.who import did, handler, may

OPENER = may("corrective.open", "主管")
OWNER = handler
DID_IT = did("plan", "措施拟定人") | did("done", "完成人")
CHECKER = may("corrective.check", "验证人") & ~handler & ~DID_IT
MANAGER = may("corrective.close", "经理")
REWRITER = did("rewrite", "改写人")

_READERS = with_capability("corrective.read_cases")
PUBLISHED = Sight(
    lambda person, grants: _READERS.condition(person, grants) & Q(state="published"), _READERS.capabilities
)
