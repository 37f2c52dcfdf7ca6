"""Settings that areas declare, numbers and hours of the day: one list and one form for each kind, the same for both."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from tests.fronts.looking import text_of
from tests.kernel.test_settings import change, office, sentences, tomorrow, zhou  # noqa: F401 - its fixtures
from yihu.kernel.models import Parameter
from yihu.kernel.parameters import BOOK, book_id
from yihu.kernel.settings_pages.numbers import NUMBERS
from yihu.kernel.settings_pages.times import TIMES

pytestmark = pytest.mark.django_db
KINDS = [
    (NUMBERS, "/settings/numbers/", "corrective.often", {"number": "4"}, 4, {"number": "0"}),
    (TIMES, "/settings/times/", "counter.shifts", {"hours": "21：00 8:30"}, ["08:30", "21:00"], {"hours": "25:00"}),
]


@pytest.mark.parametrize(("kind", "address", "name", "typed", "kept", "wrong"), KINDS)
def test_a_company_changes_one_from_a_day_on_and_both_lists_say_it_beforehand(
    cast: Any,
    office: Client,  # noqa: F811
    kind: Any,
    address: str,
    name: str,
    typed: Any,
    kept: Any,
    wrong: Any,
) -> None:
    setting, since = kind.declared[name], tomorrow()
    listed = text_of(office.get(address))
    for one in kind.declared.values():
        assert one.label in listed
        assert one.said(one.default) in listed
    assert f"起 {setting.said(kept)}" not in listed
    assert change(office, f"{address}{name}/", since, **wrong).status_code == 422
    assert not Parameter.objects.filter(name=name).exists()
    assert change(office, f"{address}{name}/", since, **typed).status_code == 302
    assert Parameter.objects.get(name=name).value == kept
    before: datetime = since.replace(year=since.year - 1)
    community = cast.yunqi.pk
    assert setting.said(setting.at(community, before)) == setting.said(setting.default)
    assert setting.said(setting.at(community, since)) == setting.said(kept)
    assert f"起 {setting.said(kept)}" in text_of(office.get(address))
    (said,) = sentences(BOOK, book_id(name, cast.yunqi))
    assert setting.label in said
    assert "冬季人手少" in text_of(office.get(f"{address}{name}/"))


@pytest.mark.parametrize("address", [one[1] for one in KINDS])
def test_one_that_nobody_declared_is_not_found_and_a_clerk_sees_none(
    cast: Any,
    office: Client,  # noqa: F811
    sign_in: Any,
    address: str,
) -> None:
    assert office.get(f"{address}no.such/").status_code == 404
    for page in (address, f"{address}no.such/"):
        assert sign_in(cast.wang).get(page).status_code in (403, 404)
