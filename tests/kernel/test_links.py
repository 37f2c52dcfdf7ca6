"""What rests on several records: bars go along one way only, whichever comes first, the bar or the link."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.doing import log_contact
from yihu.kernel.doors import command
from yihu.kernel.invariants import check_all
from yihu.kernel.models import Link, Record

pytestmark = pytest.mark.django_db


def ties(cast: Any) -> list[Any]:
    """Two contacts on which a third one rests, and a fourth that came of the third."""
    return [log_contact(cast, category="other", content=words) for words in ("一", "二", "由两件而来", "再由此而来")]


def link(cast: Any, records: list[Any]) -> None:
    one, two, both, after = records
    with command(by=cast.li) as writing:
        writing.link(one, both, Link.Why.BASIS)
        writing.link(two, both, Link.Why.BASIS)
        writing.link(both, after)


def bar(cast: Any, record: Any) -> None:
    with command(by=cast.li) as writing:
        writing.bar(record, cast.wang, "被投诉")


@pytest.mark.parametrize("barred_first", [True, False])
def test_a_bar_goes_on_to_what_rests_on_it_and_not_to_the_others(cast: Any, barred_first: bool) -> None:
    records = ties(cast)
    if barred_first:
        bar(cast, records[0])
    link(cast, records)
    if not barred_first:
        bar(cast, records[0])
    seen = Record.objects.seen_by(cast.wang)
    assert [seen.filter(pk=one.pk).exists() for one in records] == [False, True, False, False]
    assert not any(result.faults for result in check_all() if result.name == "bars.spread")


def test_a_bar_from_what_rests_on_several_is_none_from_them(cast: Any) -> None:
    records = ties(cast)
    link(cast, records)
    bar(cast, records[2])
    seen = Record.objects.seen_by(cast.wang)
    assert [seen.filter(pk=one.pk).exists() for one in records] == [True, True, False, False]
    assert not any(result.faults for result in check_all() if result.name == "bars.spread")
