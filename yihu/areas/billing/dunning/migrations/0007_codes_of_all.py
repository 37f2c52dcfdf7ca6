"""No two papers have one address. A migration of its own: PostgreSQL alters no table whose rows it has just changed."""

from django.db import migrations, models

import yihu.areas.billing.notices.models.notices


class Migration(migrations.Migration):
    dependencies = [
        ("dunning", "0006_codes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="dunningnotice",
            name="token",
            field=models.CharField(
                default=yihu.areas.billing.notices.models.notices.fresh_token,
                editable=False,
                max_length=40,
                unique=True,
                verbose_name="缴费页面",
            ),
        ),
    ]
