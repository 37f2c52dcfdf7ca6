"""``manage pay_stand_in --port 9500 --key …``: a payment firm on this machine, to try payment without any."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yihu.areas.cashier.banking.stand_in import StandIn


class Command(BaseCommand):
    help = "在本机上运行一个假的支付渠道（只用于试验和测试）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=9500)
        parser.add_argument("--key", required=True, help="和 YIHU_PAY_WECHAT_KEY 写成一样，不少于 32 个字符")
        parser.add_argument(
            "--report-to", default="", help="通知送到哪里，例如 http://127.0.0.1:8000/pay/notices/wechat/"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if len(options["key"]) < 32:
            raise CommandError("密钥不少于 32 个字符。")
        stand_in = StandIn(options["key"], port=options["port"], report_to=options["report_to"])
        self.stdout.write(
            f"假的支付渠道在 {stand_in.url}，按 Ctrl+C 结束。金额的最后两位决定它怎么通知，见 stand_in.py。"
        )
        try:
            stand_in.server.serve_forever(0.2)
        except KeyboardInterrupt:
            stand_in.server.server_close()
