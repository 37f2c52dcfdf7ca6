"""The registers of keys and cards keep the contract."""

from __future__ import annotations

from typing import Any

import tests.billing.test_registers  # noqa: F401 - those of the fees
from tests.support.doing import signature
from tests.support.register_contract import RegisterContract
from yihu.areas.cards.models import Issue
from yihu.areas.keys.counting.models import KeyCount
from yihu.areas.keys.models import Cabinet, Custody, KeyLoan, KeySet, LossReport, VacantCheck
from yihu.kernel.authority import authority


class TestCards(RegisterContract):
    model = Issue

    def opening(self, cast: Any) -> dict[str, Any]:
        asked = {
            "unit": cast.home.pk,
            "party": cast.owner.pk,
            "card_kind": "access",
            "card_no": f"A{Issue.objects.count()}",
        }
        return {**asked, "signature": signature()}


class TestKeyCounts(RegisterContract):
    model = KeyCount

    def opening(self, cast: Any) -> dict[str, Any]:
        held = {"community": cast.yunqi, "name": "一号柜", "place": "里间", "keeper": cast.li, "hook_prefix": "A-"}
        return {"cabinet": Cabinet.objects.get_or_create(**held)[0].pk}


class TestKeyMandates(RegisterContract):
    model = Custody

    def opening(self, cast: Any) -> dict[str, Any]:
        tag = f"K{KeySet.objects.count() + 1:03d}"
        said = {
            "unit": cast.home.pk,
            "signer": cast.owner.name,
            "capacity": "owner",
            "id_type": "card",
            "id_last4": "5647",
        }
        return {
            **said,
            "purpose": "repair",
            "from_on": "2026-11-02",
            "place_1": "入户门",
            "tag_1": tag,
            "signature": signature(),
        }


class _OfAKey:
    def opening(self, cast: Any) -> dict[str, Any]:
        tag = f"P{KeySet.objects.count() + 1:03d}"
        return {"tag": KeySet.objects.create(community=cast.yunqi, tag=tag, place="水泵房", kind="plant").tag}


class TestKeyLoans(_OfAKey, RegisterContract):
    model = KeyLoan

    def opening(self, cast: Any) -> dict[str, Any]:
        said = {"act": "borrow", "borrower_kind": "staff", "staff": cast.gong.pk, "reason": "检查水泵"}
        return {**super().opening(cast), **said}


class TestKeyLosses(_OfAKey, RegisterContract):
    model = LossReport

    def opening(self, cast: Any) -> dict[str, Any]:
        said = {"what": "lost", "found_at": "2026-11-02 09:00", "cause": "清点时不见了", "last_holder": "龚工"}
        return {**super().opening(cast), **said}


class TestVacantChecks(RegisterContract):
    model = VacantCheck

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        return {}
