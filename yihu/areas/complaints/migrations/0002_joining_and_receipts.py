"""Who joined wrongly is taken out again; the complainant's receipt is on the record."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0001_initial"),
        ("kernel", "0010_team_bars_since"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="complaint",
            name="receipt_way",
            field=models.CharField(
                blank=True,
                choices=[
                    ("hand", "当面交给"),
                    ("door", "送到家或投信箱"),
                    ("post", "邮寄"),
                    ("message", "发消息"),
                    ("declined", "本人不要"),
                ],
                default="",
                max_length=10,
                verbose_name="回执怎样交的",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="complaint",
            name="receipt_words",
            field=models.CharField(blank=True, default="", max_length=100, verbose_name="回执说明"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="complaint",
            name="receipt_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="回执交出时间"),
        ),
        migrations.AddField(
            model_name="complaint",
            name="receipt_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="交回执的人",
            ),
        ),
        migrations.AddField(
            model_name="household",
            name="came_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.record",
                verbose_name="来电或原投诉",
            ),
        ),
        migrations.AddField(
            model_name="household",
            name="withdrawn_at",
            field=models.DateTimeField(null=True, verbose_name="撤出时间"),
        ),
        migrations.AddField(
            model_name="household",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="撤出人",
            ),
        ),
        migrations.AddField(
            model_name="household",
            name="withdrawn_why",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="撤出原因"),
            preserve_default=False,
        ),
        migrations.RemoveConstraint(model_name="household", name="household_joins_once"),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.UniqueConstraint(
                condition=models.Q(withdrawn_at__isnull=True),
                fields=("complaint", "unit"),
                name="household_joins_once",
            ),
        ),
    ]
