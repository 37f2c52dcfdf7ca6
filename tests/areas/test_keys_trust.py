"""What an owner entrusts, and how he gets it back (KEY-01, KEY-02, KEY-08; F50, F54)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.support.doing import photo, sentences, signature
from tests.support.keys import cabinet, entrust, key, lend, order_of, release
from yihu.areas.keys.models import Cabinet, KeySet
from yihu.ground.papers.models import Paper
from yihu.kernel.doors import perform
from yihu.kernel.errors import Invalid, Refused
from yihu.kernel.invariants import check_all

pytestmark = pytest.mark.django_db


def wrong(caught: Any) -> str:
    return "；".join(str(one) for errors in caught.value.form.errors.values() for one in errors)


@pytest.mark.clause("KEY-01")
def test_the_upper_part_is_filed_and_the_lower_part_goes_to_the_owner(cast: Any, sign_in: Any) -> None:
    cabinet(cast)
    custody = entrust(cast, "K001", "K002")
    assert custody.receipt_no == f"{custody.number}-H"
    paper = Paper.objects.get(unit=cast.home)
    assert (paper.get_kind_display(), paper.record_id) == ("钥匙保管委托书", custody.pk)
    sheet = sign_in(cast.wang).get(f"/key-mandates/{custody.number}/print/mandate/")
    assert sheet.status_code == 200
    assert sheet["Content-Type"] == "application/pdf"
    assert [(one.tag, one.unit, str(one.hook)) for one in custody.keysets.order_by("tag")] == [
        ("K001", cast.home, "一号柜 A-01"), ("K002", cast.home, "一号柜 A-02"),
    ]  # fmt: skip


@pytest.mark.clause("KEY-01")
def test_only_an_owner_signs_for_himself(cast: Any) -> None:
    with pytest.raises(Invalid) as caught:
        entrust(cast, signer="钱先生")
    assert "钱先生不是这户的业主（登记的是赵业主）" in wrong(caught)
    with pytest.raises(Invalid) as caught:
        entrust(cast, signer="钱先生", capacity="agent")
    assert "请附业主的授权书" in wrong(caught)
    with pytest.raises(Invalid) as caught:
        entrust(cast, signature="")
    assert "请业主在屏幕上签名" in wrong(caught)
    assert not KeySet.objects.exists()


@pytest.mark.clause("KEY-02")
def test_a_tag_never_names_the_room_and_a_hook_holds_one_key(cast: Any) -> None:
    made = cabinet(cast)
    for tag in ("0101", "A1-0101", "K-0101"):
        with pytest.raises(Invalid) as caught:
            entrust(cast, tag)
        assert "标签上不能写房号" in wrong(caught)
    hook = made.hooks.get(label="A-01").pk
    with pytest.raises(Invalid) as caught:
        entrust(cast, "K001", "K002", hook_1=hook, hook_2=hook)
    assert "一个挂钩只挂一把" in wrong(caught)
    entrust(cast, "K001", hook_1=hook)
    with pytest.raises(Invalid):
        entrust(cast, "K002", hook_1=hook)
    with pytest.raises(Invalid) as caught:
        entrust(cast, "k001", hook_1="")
    assert "标签号 K001 已经用了" in wrong(caught)


@pytest.mark.clause("KEY-02")
def test_the_keeper_makes_a_cabinet_with_its_hooks_and_enters_keys_of_each_kind(cast: Any, sign_in: Any) -> None:
    keeper = cast.person("zhou", "周管理", "key_keeper")
    client = sign_in(keeper)
    typed = {
        "name": "二号柜",
        "place": "监控室",
        "keeper": keeper.pk,
        "kinds": ["repair", "plant", "common", "mailbox"],
        "hook_prefix": "B-",
        "hook_count": "3",
        "position": "0",
        "shown": "on",
    }
    assert client.post("/keys/cabinets/new/", {**typed, "key": "c1"}).status_code == 302
    made = Cabinet.objects.get()
    assert [hook.label for hook in made.hooks.order_by("position")] == ["B-01", "B-02", "B-03"]
    for at, kind in enumerate(("repair", "plant", "common", "mailbox"), 1):
        hook = made.hooks.filter(keyset__isnull=True).first()
        typed = {
            "tag": f"M{at}",
            "kind": kind,
            "place": "锁",
            "qty": "1",
            "hook": hook.pk if hook else "",
            "key": f"k{at}",
        }
        assert client.post("/keys/new/", typed).status_code == 302
    listed = client.get("/keys/").content.decode()
    for word in ("维修", "设备房", "公共区域", "信报箱", "二号柜 B-03"):
        assert word in listed
    for name in ("cabinet", "keepers", "labels"):
        assert client.get(f"/keys/paper/{name}.pdf?cabinet={made.pk}").status_code == 200
    assert sign_in(cast.wang).post("/keys/new/", {**typed, "tag": "M9", "key": "k9"}).status_code == 403


def test_a_further_key_comes_under_the_same_mandate(cast: Any) -> None:
    cabinet(cast)
    custody = entrust(cast, "K001")
    perform(custody, "add_key", by=cast.wang, data={"place_1": "信报箱", "tag_1": "K009", "signature": signature()})
    assert [(one.tag, one.place) for one in custody.keysets.order_by("tag")] == [("K001", "入户门"), ("K009", "信报箱")]


@pytest.mark.clause("KEY-08")
def test_released_with_the_slip(cast: Any) -> None:
    custody = entrust(cast, "K001", "K002")
    with pytest.raises(Invalid) as caught:
        release(cast, custody, receipt_no="YQ-YW-202611-0099-H")
    assert "回执编号与委托书不符" in wrong(caught)
    custody = release(cast, custody)
    assert custody.state_word == "已解除"
    assert {one.get_status_display() for one in custody.keysets.all()} == {"已还业主"}
    assert not custody.keysets.filter(hook__isnull=False).exists()
    assert Paper.objects.filter(unit=cast.home, kind="key_release").exists()


@pytest.mark.clause("KEY-08")
def test_scenario_12_released_without_the_slip_and_the_slip_is_void(cast: Any, sign_in: Any) -> None:
    custody = entrust(cast, "K001", "K002", purpose="letting")
    client = sign_in(cast.wang)
    before = client.get(f"/keys/tag/?tag={custody.receipt_no}").content.decode()
    assert "回执有效" in before
    with pytest.raises(Invalid) as caught:
        release(cast, custody, slip="none", receipt_no="")
    assert "请业主写明原因" in wrong(caught)
    custody = release(cast, custody, slip="none", receipt_no="", no_receipt_reason="回执遗失")
    assert (custody.receipt_returned, custody.no_receipt_reason) == (False, "回执遗失")
    shown = client.get(f"/keys/tag/?tag={custody.receipt_no}").content.decode()
    assert "此回执已作废" in shown
    assert "不能再领任何钥匙" in shown
    assert client.get(f"/key-mandates/{custody.number}/print/release/").status_code == 200
    with pytest.raises(Refused):
        release(cast, custody)
    with pytest.raises(Refused, match="已还业主"):
        order_of(cast)
        lend(cast)


@pytest.mark.clause("KEY-08")
def test_a_stranger_gets_nothing_and_neither_does_a_wrong_document(cast: Any) -> None:
    custody = entrust(cast)
    with pytest.raises(Invalid) as caught:
        release(cast, custody, released_to="路人甲")
    assert "路人甲不是这户现在的业主" in wrong(caught)
    with pytest.raises(Invalid) as caught:
        release(cast, custody, release_id_last4="0000")
    assert "证件后四位不符" in wrong(caught)
    assert key().status == "in"


@pytest.mark.clause("KEY-08")
def test_the_file_knows_the_owners_document(cast: Any) -> None:
    cast.owner.id_no = "11010519491231002X"
    cast.owner.save()
    with pytest.raises(Invalid) as caught:
        entrust(cast, id_last4="5647")
    assert "与户内登记的证件后四位不符" in wrong(caught)
    custody = entrust(cast, id_last4="002x")
    with pytest.raises(Invalid):
        release(cast, custody, release_id_last4="5647")
    assert release(cast, custody, release_id_last4="002X").state_word == "已解除"


@pytest.mark.clause("KEY-10")
def test_no_release_while_a_key_is_out(cast: Any) -> None:
    custody = entrust(cast, "K001", "K002")
    order_of(cast)
    loan = lend(cast, "K002")
    with pytest.raises(Refused, match="K002 还借在外面"):
        release(cast, custody)
    assert {one.status for one in custody.keysets.all()} == {"in", "out"}
    perform(loan, "give_back", by=cast.wang, data={"condition": "good", "returned_by": "陈维修"})
    assert release(cast, custody).state == "released"
    assert [found for found in check_all() if found.faults] == []


def test_a_mandate_signed_on_paper_keeps_its_photograph(cast: Any) -> None:
    custody = entrust(cast)
    done = perform(
        custody, "add_key", by=cast.wang, data={"place_1": "车库", "tag_1": "K002"}, files={"photos": [photo()]}
    )
    assert done.attachments.filter(purpose="photo").count() == 1
    assert "王客服 加收钥匙" in sentences(done)


def test_the_household_s_file_shows_its_keys_for_one_question(cast: Any, sign_in: Any) -> None:
    client, address = sign_in(cast.wang), f"/units/{cast.home.pk}/beside/"
    entrust(cast)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        shown = client.get(address).content.decode()
    assert "K001 入户门" in shown
    assert sum("keys_keyset" in query["sql"] for query in one) == 1


@pytest.mark.clause("KEY-02")
def test_a_key_hangs_only_in_a_cabinet_for_its_kind(cast: Any, sign_in: Any) -> None:
    keeper = cast.person("zhou", "周管理", "key_keeper")
    client, plain = sign_in(keeper), cabinet(cast, 2)
    assert set(plain.kinds) == set(KeySet.Kind.values)  # who says nothing keeps what he has
    typed = {"name": "设备柜", "place": "监控室", "keeper": keeper.pk, "hook_prefix": "S-", "hook_count": "3", "position": "0", "shown": "on"}  # fmt: skip
    assert client.post("/keys/cabinets/new/", typed).status_code == 422  # it must say for which
    assert client.post("/keys/cabinets/new/", {**typed, "kinds": ["plant", "common"]}).status_code == 302
    made = Cabinet.objects.get(name="设备柜")
    assert "设备房、公共区域" in client.get("/keys/cabinets/").content.decode()
    hook, other = made.hooks.order_by("position")[:2]
    asked = {"tag": "X1", "kind": "mailbox", "place": "信报箱", "qty": "1", "hook": hook.pk}
    refused = client.post("/keys/new/", asked)
    assert refused.status_code == 422
    assert "设备柜只放设备房、公共区域钥匙，信报箱钥匙请挂别的柜。" in refused.content.decode()
    assert client.post("/keys/new/", {**asked, "kind": "plant"}).status_code == 302
    with pytest.raises(Invalid):
        entrust(cast, "K001", hook_1=other.pk)  # an owner's key
    assert entrust(cast, "K001", hook_1=plain.hooks.first().pk)
    with pytest.raises(Refused, match="请挂别的柜"):
        KeySet.objects.create(community=cast.yunqi, tag="X2", place="锁", kind="repair", hook=other)
    kept = client.post(reverse("keys:edit_cabinets", args=[made.pk]), {**typed, "kinds": ["common"]})
    assert kept.status_code == 422
    assert "柜里还挂着设备房钥匙 X1" in kept.content.decode()
