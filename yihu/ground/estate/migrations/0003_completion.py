"""Buildings know when their completion was accepted, by whom they were built and for how long."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("estate", "0002_initial")]

    operations = [
        migrations.AddField("building", "completed_on", models.DateField("竣工验收日期", null=True, blank=True)),
        migrations.AddField(
            "building",
            "design_years",
            models.PositiveSmallIntegerField(
                "设计使用年限",
                default=50,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(200),
                ],
            ),
        ),
        migrations.AddField("building", "developer", models.CharField("开发商", max_length=60, blank=True, default="")),
    ]
