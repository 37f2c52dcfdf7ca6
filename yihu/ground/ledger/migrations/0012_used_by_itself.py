"""Who agreed as he paid that what is left of it is used for his later bills, and what of it was used so."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("estate", "0008_locked"),
        ("kernel", "0012_tally"),
        ("ledger", "0011_bank_fees"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="receipt",
            name="agreed",
            field=models.BooleanField(db_default=False, default=False, verbose_name="同意自动抵缴"),
        ),
        migrations.AddField(
            model_name="receipt",
            name="withdrawn",
            field=models.BooleanField(db_default=False, default=False, verbose_name="已收回同意"),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(
                condition=models.Q(("left__gt", 0)), fields=["community", "party"], name="receipt_left_over"
            ),
        ),
        migrations.AddIndex(
            model_name="voucher",
            index=models.Index(
                condition=models.Q(("rule__in", ["purpose", "agreed"])),
                fields=["community", "day"],
                name="voucher_ahead",
            ),
        ),
    ]
