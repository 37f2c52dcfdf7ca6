"""A defect of a common part goes out on a slip as well: the place instead of a unit."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("estate", "0003_completion"), ("warranty", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="slip",
            name="building",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="estate.building",
                verbose_name="楼栋",
            ),
        ),
        migrations.AddField(
            model_name="slip",
            name="common_area",
            field=models.CharField(blank=True, max_length=60, verbose_name="公共部位"),
        ),
        migrations.AddField(
            model_name="slip",
            name="accepted_on",
            field=models.DateField(blank=True, null=True, verbose_name="部位竣工验收日期"),
        ),
    ]
