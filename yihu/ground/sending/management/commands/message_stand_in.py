"""``manage message_stand_in --port 9400 --key …``: a provider on this machine, to try the ways out without any."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yihu.ground.sending.stand_in import StandIn


class Command(BaseCommand):
    help = "在本机上运行一个假的短信服务商（只用于试验和测试）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=9400)
        parser.add_argument("--key", required=True, help="和 YIHU_SMS_KEY 写成一样，不少于 32 个字符")
        parser.add_argument(
            "--report-to", default="", help="回执送到哪里，例如 http://127.0.0.1:8000/sending/reports/sms/"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if len(options["key"]) < 32:
            raise CommandError("密钥不少于 32 个字符。")
        stand_in = StandIn(options["key"], port=options["port"], report_to=options["report_to"])
        self.stdout.write(
            f"假的服务商在 {stand_in.url}，按 Ctrl+C 结束。号码末四位决定它怎么对待一条消息，见 stand_in.py。"
        )
        try:
            stand_in.server.serve_forever(0.2)
        except KeyboardInterrupt:
            stand_in.server.server_close()
