"""Who sees what is planned and spent, and the limits that several registers share."""

from yihu.kernel.procedure import WORKING, Limit
from yihu.kernel.sight import mine, opened_by_me, with_capability
from yihu.kernel.who import may

SEEN = with_capability("spending.see") | mine | opened_by_me
PM = may("spending.agree", "项目经理")
HEAD = may("spending.review", "财务主管")
LIMIT = Limit(WORKING, days=1)
