"""Invoices that were asked for before say for which payments: those of their receipt, in order, up to the sum."""

from __future__ import annotations

from typing import Any

from django.db import migrations

STANDING, NATURES = ("asked", "issued"), ("income", "common")


def put_down(apps: Any, schema_editor: Any) -> None:
    request, line, part = (
        apps.get_model(*one)
        for one in (("invoicing", "InvoiceRequest"), ("ledger", "Line"), ("invoicing", "InvoiceLine"))
    )
    for one in request.objects.order_by("pk"):
        paid = line.objects.filter(
            receipt_id=one.receipt_id, voucher__kind="allocate", voucher__reverses__isnull=True, amount__lt=0,
            account="receivable", charge__item__nature__in=NATURES, voucher__at__lte=one.opened_at,
        )  # fmt: skip
        left, rows = one.amount_fen, []
        for found in paid.order_by("pk"):
            if -found.amount <= left:
                held = found.pk if one.state in STANDING else None
                rows.append(part(request=one, line=found, holds_id=held, amount=-found.amount))
                left += found.amount
        part.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0002_parts")]

    operations = [migrations.RunPython(put_down, migrations.RunPython.noop)]
