"""A process that dies anywhere while a file is handed in leaves no row without its file, and no file that stays without a row."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.harness.breaking import die_at
from tests.support.cast import Cast
from tests.support.doing import log_contact, photo
from yihu.kernel import file_shelf, files
from yihu.kernel.doors import perform
from yihu.kernel.models import Attachment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_storage(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def test_whoever_dies_while_attaching_leaves_nothing_behind() -> None:
    cast = Cast()
    contact = log_contact(cast)
    Attachment.objects.all().delete()
    came_through = False
    for number in range(1, 120):
        if not die_at(
            number,
            lambda: perform(contact, "attach", by=cast.wang, key="a1", data={}, files={"attachments": [photo()]}),
        ):
            came_through = True
            break
        assert list(files.lost()) == []
        assert Attachment.objects.count() in (0, 1)
    assert came_through
    assert Attachment.objects.count() == 1
    assert list(files.lost()) == []
    later = timezone.now() + timedelta(days=3)
    files.sweep_orphans(later)
    assert list(files.orphans(later)) == []
    assert [digest for _, digest in file_shelf.stored()] == [Attachment.objects.get().sha256]


def test_what_nobody_names_is_told_by_the_invariants_when_it_was_not_swept() -> None:
    files.store_upload(photo())
    assert list(files.orphans(timezone.now())) == []
    later = timezone.now() + timedelta(days=3)
    assert len(list(files.orphans(later))) == 1
    assert files.sweep_orphans(later) == 1
    assert list(files.orphans(later)) == []
