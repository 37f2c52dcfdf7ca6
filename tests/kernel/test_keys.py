"""Keys of personal data: made once, kept close, turned over without losing a value."""

import base64
import io
import json
import secrets
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from tests.support.cast import Cast
from yihu.ground.estate.models import Party
from yihu.kernel import keys, sealing
from yihu.kernel.keys import BadKeys, add_key, keyring
from yihu.kernel.personal import match
from yihu.kernel.personal_keeping import sealed_anew


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    """A data folder of its own for each test, and the old keys again afterwards."""
    held = vars(keys._held).copy()
    settings.YIHU_DATA = tmp_path
    keys._held.keyring = None
    yield tmp_path
    vars(keys._held).update(held)


def key_of(token: str) -> str:
    return token.split(".")[1]


def tokens() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT phone FROM {Party._meta.db_table} WHERE phone <> '' ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def key_text() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def test_the_file_is_made_once_and_only_for_its_owner(own_keys):
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: keyring(fresh=True), range(16)))
    assert {ring.newest for ring in rings} == {rings[0].newest}
    assert {ring.index_key for ring in rings} == {rings[0].index_key}
    path = own_keys / "keys" / "personal.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["personal.json"]


def test_no_key_is_ever_printed(own_keys):
    ring = keyring()
    stored = json.loads((own_keys / "keys" / "personal.json").read_text())
    for key in (stored["index"], *(key for _, key in stored["data"])):
        assert key not in repr(ring)
        assert repr(base64.b64decode(key))[2:-1] not in repr(ring)


def test_a_new_key_seals_and_the_old_ones_still_open():
    old = sealing.seal("13800138112", "phone", "t.c")
    index = sealing.blind_index("13800138112", "phone")
    added = add_key()
    new = sealing.seal("13800138112", "phone", "t.c")
    assert key_of(new) == added != key_of(old)
    assert sealing.unseal(old, "t.c") == sealing.unseal(new, "t.c") == "13800138112"
    assert sealing.blind_index("13800138112", "phone") == index


def test_a_key_that_another_process_added_is_noticed_at_once(own_keys):
    keyring()
    path = own_keys / "keys" / "personal.json"
    stored = json.loads(path.read_text())
    ring_before = vars(keys._held).copy()
    add_key()
    token = sealing.seal("13800138112", "phone", "t.c")
    vars(keys._held).update(ring_before)
    assert len(stored["data"]) == 1
    assert sealing.unseal(token, "t.c") == "13800138112"


def test_two_rotations_at_once_lose_no_key(own_keys):
    with ThreadPoolExecutor(4) as pool:
        added = set(pool.map(lambda _: add_key(), range(8)))
    assert len(added) == 8
    assert added <= set(keyring(fresh=True).ciphers)


def test_keys_from_the_environment_come_first(own_keys, monkeypatch):
    monkeypatch.setenv(
        "YIHU_PERSONAL_KEYS", json.dumps({"index": key_text(), "data": [["a1", key_text()], ["b2", key_text()]]})
    )
    assert keyring(fresh=True).newest == "b2"
    assert not (own_keys / "keys").exists()
    with pytest.raises(CommandError, match="YIHU_PERSONAL_KEYS"):
        call_command("rotate_keys", "--new-key", stdout=io.StringIO())


@pytest.mark.parametrize(
    "wrong",
    [
        "not json",
        "{}",
        json.dumps({"index": "AAAA", "data": [["a", "AAAA"]]}),
        json.dumps({"index": key_text(), "data": []}),
        json.dumps({"index": key_text(), "data": [["a.b", key_text()]]}),
        json.dumps({"index": key_text(), "data": [["a", key_text()], ["a", key_text()]]}),
    ],
)
def test_wrong_keys_are_refused_without_being_shown(monkeypatch, wrong):
    monkeypatch.setenv("YIHU_PERSONAL_KEYS", wrong)
    with pytest.raises(BadKeys) as refused:
        keyring(fresh=True)
    assert "密钥" in str(refused.value)
    assert not any(part in str(refused.value) for part in wrong.split('"') if len(part) > 20)


@pytest.mark.django_db
def test_rotation_seals_everything_anew_and_can_be_broken_off():
    people = Cast()
    numbers = [f"1380013{8100 + n}" for n in range(7)]
    Party.objects.bulk_create(
        [Party(community=people.yunqi, name=f"业主{n}", phone=phone) for n, phone in enumerate(numbers)]
    )
    first = key_of(tokens()[0])
    newest = add_key()

    work = sealed_anew(chunk=3)
    next(work)
    work.close()
    assert [key_of(token) for token in tokens()] == [newest] * 3 + [first] * 4

    out = io.StringIO()
    call_command("rotate_keys", "--chunk", "3", stdout=out)
    assert {key_of(token) for token in tokens()} == {newest}
    assert "共 4 条" in out.getvalue()
    assert [party.phone for party in Party.objects.order_by("pk")] == numbers
    assert Party.objects.filter(match(Party, "phone", numbers[3])).count() == 1

    again = io.StringIO()
    call_command("rotate_keys", "--new-key", stdout=again)
    assert "已生成密钥" in again.getvalue()
    assert len({key_of(token) for token in tokens()} | {newest, first}) == 3
    assert [party.phone for party in Party.objects.order_by("pk")] == numbers


@pytest.mark.django_db
def test_rotation_does_not_undo_what_is_typed_meanwhile(monkeypatch):
    people = Cast()
    party = Party.objects.create(community=people.yunqi, name="赵业主", phone="13800138112")
    add_key()
    opened = sealing.unseal

    def typed_meanwhile(token, place):
        clear = opened(token, place)
        if clear == "13800138112":
            Party.objects.filter(pk=party.pk).update(phone="13900139001")
        return clear

    monkeypatch.setattr(sealing, "unseal", typed_meanwhile)
    for _ in sealed_anew():
        pass
    assert Party.objects.get(pk=party.pk).phone == "13900139001"


@pytest.mark.django_db
def test_rotation_names_what_does_not_open():
    people = Cast()
    party = Party.objects.create(community=people.yunqi, name="赵业主", phone="13800138112")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {Party._meta.db_table} SET phone = %s WHERE id = %s", [tokens()[0] + "0", party.pk])
    err = io.StringIO()
    call_command("rotate_keys", stdout=io.StringIO(), stderr=err)
    assert "无法解读" in err.getvalue()
    assert str(party.pk) in err.getvalue()
