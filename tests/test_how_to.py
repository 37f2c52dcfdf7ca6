"""The worked example of ``docs/how-to/add-a-register.md`` is a register that works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "how-to" / "add-a-register.md"
LENDING = """
import django; django.setup()
from datetime import date, timedelta
from django.core.management import call_command
call_command("makemigrations", "umbrellas", verbosity=0)
call_command("migrate", verbosity=0)
from django.test import Client
from django.utils import timezone
from umbrellas.models import UmbrellaLoan
from yihu.ground.estate.models import Community
from yihu.ground.staff.models import Account, Post
from yihu.kernel.sweep import sweep
yunqi = Community.objects.create(name="云栖苑", code="YQ")
wang = Account.objects.create(username="wang", name="王客服", must_change_password=False)
Post.objects.create(account=wang, community=yunqi, code="receptionist", from_on=date(2020, 1, 1))
desk = Client(); desk.force_login(wang, backend="django.contrib.auth.backends.ModelBackend")
due = timezone.localtime() + timedelta(hours=2)
answer = desk.post("/umbrellas/new/", {"key": "k", "borrower": "赵业主", "due_at": due.strftime("%Y-%m-%d %H:%M")}, follow=True)
loan = UmbrellaLoan.objects.get()
page = answer.content.decode()
assert loan.number in page and "归还" in page, page
assert "雨伞" in desk.get("/umbrellas/").content.decode()
assert sweep(due + timedelta(minutes=1)) == 1
assert wang.messages_to_me.count() == 1
assert desk.post(f"/umbrellas/{loan.number}/do/give_back/", {"key": "b", "version": "1", "condition": "完好"}).status_code == 302
loan.refresh_from_db()
assert (loan.state, loan.closed_at is not None) == ("back", True)
assert loan.journal.order_by("seq").last().sentence == "王客服 收回雨伞 完好"
print("LENT AND BACK")
"""


def files() -> dict[str, str]:
    """The page's code blocks by the file that each is said to be."""
    return dict(re.findall(r"`umbrellas/(\w+\.py)`\n```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL))


def test_a_register_with_one_clock_takes_at_most_sixty_lines_in_three_files() -> None:
    lines = [line for text in files().values() for line in text.splitlines() if line.strip()]
    assert set(files()) == {"models.py", "procedure.py", "screens.py"}
    assert len(lines) <= 60


def test_the_example_lends_an_umbrella_and_gets_it_back(tmp_path: Path) -> None:
    folder = tmp_path / "umbrellas"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "migrations").mkdir()
    (folder / "migrations" / "__init__.py").write_text("")
    for name, text in files().items():
        (folder / name).write_text(text, "utf-8")
    (tmp_path / "with_umbrellas.py").write_text(
        "from yihu.config.settings import *\nINSTALLED_APPS = ['umbrellas', *INSTALLED_APPS]\n"
    )
    (tmp_path / "lending.py").write_text(LENDING, "utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("YIHU_", "DJANGO_"))}
    environment |= {
        "YIHU_DATA": str(tmp_path / "data"), "YIHU_TEST": "1", "YIHU_DEMO": "0", "YIHU_ALLOWED_HOSTS": "testserver",
        "DJANGO_SETTINGS_MODULE": "with_umbrellas", "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)]),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "lending.py"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.stdout.strip().endswith("LENT AND BACK"), done.stdout + done.stderr
