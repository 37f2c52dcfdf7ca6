"""Who draws up, checks, seals, carries and takes back: the one who draws up never checks, nobody takes his own list back."""

from __future__ import annotations

from yihu.kernel.who import did, handler, may, opener

SEE, DRAW, CHECK, SEAL = "notices.see", "notices.draw", "notices.check", "notices.seal"
DELIVER, OVERSEE, ROUNDS = "notices.deliver", "notices.oversee", "notices.rounds"

DRAWER = may(DRAW, "会计")
CHECKER = may(CHECK, "财务主管、会计") & ~did("draw", "生成的人")
SEALER = may(SEAL, "项目经理")
FINANCE = may(DRAW, "会计") | may(CHECK, "财务主管")
CARRIER = handler | may(OVERSEE, "客服主管")
RECEIVER = FINANCE & ~handler
__all__ = ["CARRIER", "CHECKER", "DRAWER", "FINANCE", "RECEIVER", "SEALER", "opener"]
