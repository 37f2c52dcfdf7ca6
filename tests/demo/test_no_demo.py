"""Where no demo belongs there is none, and the sign-in page names nobody."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from yihu.demo.people import PASSWORD, USERNAMES
from yihu.ground.estate.models import Community
from yihu.ground.staff.models import Account
from yihu.kernel.models import Parameter


@pytest.mark.django_db
def test_no_demo_where_it_is_switched_off(settings: Any) -> None:
    settings.YIHU_DEMO = False
    with pytest.raises(CommandError, match="YIHU_DEMO=0"):
        call_command("make_demo", "--roll", "--small", stdout=StringIO())
    assert not Community.objects.exists()
    assert not Account.objects.people().exists()


def test_no_demo_beside_other_peoples_data(cast: Any, settings: Any) -> None:
    settings.YIHU_DEMO = True
    assert cast.home
    with pytest.raises(CommandError, match="已有资料"):
        call_command("make_demo", "--roll", "--small", stdout=StringIO())
    with pytest.raises(CommandError, match="没有演示小区"):
        call_command("make_demo", "--month", stdout=StringIO())
    assert not Parameter.objects.filter(name__startswith="demo").exists()
    assert not Account.objects.filter(username__in=USERNAMES).exists()


def test_the_sign_in_page_names_no_accounts_outside_a_demo(cast: Any, settings: Any, client: Client) -> None:
    assert cast.wang
    for switched_on in (True, False):
        settings.YIHU_DEMO = switched_on
        page = client.get("/sign-in/").content.decode()
        assert "演示账号" not in page
        assert PASSWORD not in page
