"""《收费月历》 on paper: every step with its day, who does it and how far it is."""

from __future__ import annotations

from typing import Any

from yihu.kernel.prints.declare import Print


def fee_month(told: Any, by: Any) -> dict[str, Any]:
    return dict(told)


MONTH = Print("fee_month", "收费月历", data=fee_month, paper="a4-landscape", of_one=False)
