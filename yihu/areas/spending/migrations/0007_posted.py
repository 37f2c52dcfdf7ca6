"""What was checked and paid before the ledger kept it is posted now; nothing goes into a closed period."""

from datetime import timedelta
from typing import Any

from django.db import migrations
from django.utils import timezone


def post_what_was_paid(apps: Any, schema_editor: Any) -> None:
    line_model, claim_model = apps.get_model("spending", "BudgetLine"), apps.get_model("spending", "Claim")
    item_model, books_model = apps.get_model("ledger", "CostItem"), apps.get_model("ledger", "Books")
    for line in line_model.objects.filter(kind="cost", cost__isnull=True):
        of = "common_cost" if line.source == "common" else "expense"
        line.cost = item_model.objects.create(
            community_id=line.community_id, code=line.code, name=line.name, account=of
        )
        line.save(update_fields=["cost"])
    closed = dict(books_model.objects.values_list("community", "closed_through"))
    held = claim_model.objects.filter(
        state__in=("to_pay", "paid"), closed_as="", payable__isnull=True, request__isnull=False
    )
    for claim in held.select_related("request__line").order_by("paid_on", "pk"):
        books_model.objects.get_or_create(community_id=claim.community_id)
        amount = claim.amount_fen if claim.audited_fen is None else claim.audited_fen
        if amount:
            _post(apps, claim, amount, closed.get(claim.community_id))


def _post(apps: Any, claim: Any, amount: int, closed: Any) -> None:
    day = claim.paid_on or timezone.localdate()
    if closed is not None and day <= closed:
        day = closed + timedelta(days=1)
    paid, cost = claim.state == "paid", claim.request.line.cost
    payable = apps.get_model("ledger", "Payable").objects.create(
        community_id=claim.community_id,
        payee=claim.payee,
        amount=amount,
        left=0 if paid else amount,
        record_id=claim.pk,
    )
    claim.payable = payable
    claim.save(update_fields=["payable"])
    owed = ("payable", -amount, {})
    _voucher(apps, claim, day, "spend", [(cost.account, amount, {"cost": cost}), owed], payable)
    if paid:
        _voucher(apps, claim, day, "pay", [("payable", amount, {"cost": cost}), (claim.method, -amount, {})], payable)


def _voucher(apps: Any, claim: Any, day: Any, kind: str, legs: Any, payable: Any) -> None:
    by = claim.reviewed_by_id if kind == "spend" else claim.paid_by_id
    voucher = apps.get_model("ledger", "Voucher").objects.create(
        community_id=claim.community_id, kind=kind, day=day, at=timezone.now(), by_id=by or claim.opened_by_id,
        words=f"{claim.number} 报销", record_id=claim.pk, key=f"spending:{claim.pk}:{kind}",
    )  # fmt: skip
    for account, amount, more in legs:
        apps.get_model("ledger", "Line").objects.create(
            voucher=voucher,
            community_id=claim.community_id,
            account=account,
            day=day,
            amount=amount,
            payable=payable,
            **more,
        )


class Migration(migrations.Migration):
    dependencies = [("spending", "0006_in_the_ledger")]

    operations = [migrations.RunPython(post_what_was_paid, migrations.RunPython.noop)]
