"""A withdrawn month's list can be drawn up again; what stood on it may stand on another."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("services", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="monthlist",
            name="list_of",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="estate.community",
            ),
        ),
        migrations.AddField(
            model_name="monthlist",
            name="edition",
            field=models.PositiveSmallIntegerField(default=1, editable=False, verbose_name="第几次开单"),
        ),
        migrations.AlterField(
            model_name="monthline",
            name="record",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.record"),
        ),
        migrations.AddField(
            model_name="monthline",
            name="dropped",
            field=models.BooleanField(default=False, verbose_name="随清单撤回"),
        ),
        migrations.AddConstraint(
            model_name="monthline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("dropped", False)), fields=("record",), name="month_line_on_one_list"
            ),
        ),
    ]
