"""A thousand payment notices as one file: pages a second, memory and size, in a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

COUNT = 1000
LEAST_PAGES_PER_S = 10
TEMPLATE = "notices/prints/payment_notice.typ"


def measure() -> dict[str, Any]:
    """Asks a fresh process, whose memory is its own."""
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.notices"], cwd=root, capture_output=True, text=True, check=True
    )
    figures: dict[str, Any] = json.loads(done.stdout)
    return {"ok": figures["pages_per_s"] >= LEAST_PAGES_PER_S, **figures}


def notices(count: int) -> Iterator[dict[str, Any]]:
    """What stands on a notice of five lines, every fourth with something from before."""
    for place in range(count):
        number = f"YQ-JT-202611-0001-{place:04d}"
        lines = [
            [
                "物业服务费",
                "2026.11.01–11.30",
                f"{100 + place % 40}.36㎡ × 2.80元 × 30/30天",
                "2.80 元/㎡·月",
                "359.41",
            ],
            ["代收水费", "2026.10.21–11.20", "（123 − 108）× 1 = 15吨 × 4.05元 = 60.75元", "4.05 元/吨", "60.75"],
            ["电费公摊", "2026.10.21–11.20", "公共用电 1,203.5度 × 0.538元，按面积", "0.538 元/度", "8.48"],
            ["车位管理费", "2026.11.01–11.30", "1个 × 60.00元", "60.00 元/个", "60.00"],
            ["垃圾清运费", "2026.11.01–11.30", "1户 × 5.00元", "5.00 元/户", "5.00"],
        ]
        prior = [["物业服务费", "2026.10.01–2026.10.31", "2026-11-10", "359.41"]] if place % 4 == 0 else []
        late = [["2026.11.01–11.30", "359.41 元 × 0.01% × 30 天", "1.08"]] if prior else []
        yield {
            "community": "云栖苑", "number": number, "qr": f"https://yihu.example.com/pay/notice/{place:024d}/",
            "party": "赵业主", "unit": f"A{place % 9 + 1}-1-{place:04d}", "period": "2026年11月", "pay_by": "2026年12月10日",
            "replaces": "", "void": False, "lines": lines, "prior": prior, "late": late, "month": "493.64",
            "arrears": "359.41" if prior else "", "late_fee": "1.08" if prior else "", "credit": "", "total": "493.64", "due": "493.64",
            "capitals": "肆佰玖拾叁元陆角肆分", "ways": "收费处现金、刷卡；或转账到平安银行云栖支行。", "hotline": "0571-88886666",
            "scan": True, "day": "2026-11-25",
        }  # fmt: skip


def _in_here(count: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.utils import timezone

    from yihu.kernel.prints import Print, render_batch
    from yihu.kernel.prints.joining import join

    paper = Print("payment_notice", "缴费通知单", data=lambda subject, by: subject, template=TEMPLATE)
    began = time.monotonic()
    pdf = join(render_batch(paper, notices(count), "会计", copies=("客户联",), now=timezone.now()))
    took = time.monotonic() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {
        "pages": count, "seconds": round(took, 1), "pages_per_s": round(count / took, 1), "peak_mb": memory,
        "file_mb": round(len(pdf) / 1e6, 2),
    }  # fmt: skip


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_in_here(COUNT)))
