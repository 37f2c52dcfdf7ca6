"""``manage make_demo``: the demo estate in an empty database. ``manage prepare`` calls it on the first start."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yihu.demo import founding, month
from yihu.demo.people import PASSWORD, sign_ins
from yihu.kernel.errors import Refused


class Command(BaseCommand):
    help = "在空数据库里建立演示小区：名册、人员、知识库，以及前台一个月的往来。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--roll", action="store_true", help="建立项目、导入名册、开演示账号")
        parser.add_argument("--month", action="store_true", help="写入一个月的往来，现在就做完")
        parser.add_argument("--month-later", action="store_true", help="写入一个月的往来，交给后台慢慢做")
        parser.add_argument("--sign-ins", action="store_true", help="列出演示账号")
        parser.add_argument("--seed", type=int, default=founding.SEED, help="同一个种子得到同一个小区")
        parser.add_argument("--days", type=int, default=founding.DAYS, help="往来多少天，到今天为止")
        parser.add_argument("--per-day", type=int, default=founding.PER_DAY, help="每天大约多少件")
        parser.add_argument("--small", action="store_true", help="只建几十户，供试验")

    def handle(self, *args: Any, **options: Any) -> None:
        if not any(options[name] for name in ("roll", "month", "month_later", "sign_ins")):
            options["roll"] = options["month"] = options["sign_ins"] = True
        try:
            self.make(options)
        except Refused as refused:
            raise CommandError(refused.sentence) from refused

    def make(self, options: dict[str, Any]) -> None:
        if options["roll"]:
            size = {name: options[name] for name in ("seed", "days", "per_day", "small")}
            founding.found(**size, say=self.stdout.write)
        if options["month_later"]:
            month.later()
            self.stdout.write("前台一个月的往来正在后台写入，一两分钟后齐全；现在就可以登录。")
        if options["month"]:
            self.stdout.write(f"已写入 {month.at_once(self.stdout.write)} 件往来。")
        if options["sign_ins"] and founding.demo_here():
            self.stdout.write(f"演示账号（密码都是 {PASSWORD}）：")
            for one in sign_ins():
                self.stdout.write(f"  {one['username']:<6} {one['name']}  {one['title']}")
