"""`manage work`: one worker process."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from yihu.kernel.jobs.health import LOST_AFTER
from yihu.kernel.jobs.worker import GRACE, work


class Command(BaseCommand):
    help = "做后台工作：执行任务、按时启动定时任务、接手已退出的进程留下的任务。SIGTERM 结束。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="做完眼下该做的就结束")
        parser.add_argument(
            "--threads", type=int, default=1, choices=range(1, 17), metavar="N", help="同时做几件，1 到 16"
        )
        parser.add_argument(
            "--lost-after",
            type=float,
            default=LOST_AFTER.seconds,
            metavar="秒",
            help="别的进程沉默多久算已退出；0 表示从不接手",
        )
        parser.add_argument(
            "--grace", type=float, default=GRACE, metavar="秒", help="要求结束后，手上的任务最多再做多久"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        work(
            once=options["once"],
            threads=options["threads"],
            lost_after=options["lost_after"],
            grace=options["grace"],
        )
