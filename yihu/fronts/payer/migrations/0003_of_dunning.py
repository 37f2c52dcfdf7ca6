"""A payer may ask about a 《催款通知单》 as well."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dunning", "0007_codes_of_all"),
        ("notices", "0001_notices"),
        ("payer", "0002_counted_in_one_place"),
    ]

    operations = [
        migrations.AddField(
            model_name="objection",
            name="dunning",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="objections",
                to="dunning.dunningnotice",
                verbose_name="催款通知单",
            ),
        ),
        migrations.AlterField(
            model_name="objection",
            name="notice",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="objections",
                to="notices.notice",
                verbose_name="通知单",
            ),
        ),
        migrations.AddIndex(
            model_name="objection",
            index=models.Index(fields=["dunning", "asked_at"], name="payer_objection_of_dunning"),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("dunning__isnull", True), ("notice__isnull", False)),
                    models.Q(("dunning__isnull", False), ("notice__isnull", True)),
                    _connector="OR",
                ),
                name="payer_objection_of_one_paper",
            ),
        ),
    ]
