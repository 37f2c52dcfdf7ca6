"""What must hold of the key ledger at every moment (KEY-10)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q

from yihu.areas.keys.models import KeyLoan, KeySet
from yihu.kernel.invariants import invariant

S = KeySet.Status


@invariant("keys.ledger", "钥匙台账与使用登记一致：借出的都有一张在外的登记，在外的登记都指着借出的钥匙")
def ledger() -> Iterator[str]:
    out = KeyLoan.objects.filter(key=OuterRef("pk"), is_out=True)
    for key in KeySet.objects.filter(status=S.OUT).filter(~Exists(out)):
        yield f"钥匙 {key} 记作借出，却没有在外的登记"
    for key in KeySet.objects.exclude(status__in=(S.OUT, S.REPLACED)).filter(Exists(out)):
        yield f"钥匙 {key} 记作{key.get_status_display()}，却有在外的登记"
    for loan in KeyLoan.objects.filter(Q(is_out=True) & ~Q(state="out") | Q(is_out=False, state="out")):
        yield f"{loan} 的状态 {loan.state} 与是否在外不符"


@invariant("keys.place", "钥匙与它的房屋、挂钩、委托书属于同一项目；已解除的委托书下没有还在保管的钥匙")
def places() -> Iterator[str]:
    for key in KeySet.objects.select_related("unit", "hook__cabinet", "mandate"):
        homes = {
            key.community_id,
            *(owner.community_id for owner in (key.unit, key.hook and key.hook.cabinet, key.mandate) if owner),
        }
        if len(homes) > 1:
            yield f"钥匙 {key} 与房屋、挂钩或委托书不在同一项目"
        if key.mandate and key.mandate.state == "released" and key.status in (S.IN, S.OUT, S.DAMAGED):
            yield f"钥匙 {key} 的委托书 {key.mandate} 已解除，钥匙却还在保管"
