"""Orders that a payer makes himself on the page of his notice."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("banking", "0002_notices_going_back"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="payorder",
            name="bill",
            field=models.CharField(blank=True, max_length=50, verbose_name="缴费通知单", default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="payorder",
            name="credit",
            field=models.BigIntegerField(default=0, verbose_name="预存抵缴（分）"),
        ),
        migrations.AddIndex(
            model_name="payorder",
            index=models.Index(
                condition=models.Q(("bill", ""), _negated=True), fields=["bill"], name="pay_order_of_bill"
            ),
        ),
        migrations.AddConstraint(
            model_name="payorder",
            constraint=models.CheckConstraint(condition=models.Q(("credit__gte", 0)), name="pay_order_credit"),
        ),
    ]
