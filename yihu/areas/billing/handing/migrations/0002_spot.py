import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("estate", "0008_locked"),
        ("handing", "0001_service_bills"),
        ("kernel", "0009_looks"),
    ]

    operations = [
        migrations.AddField(
            model_name="servicebill",
            name="way",
            field=models.CharField(
                choices=[("month", "月结"), ("spot", "即付"), ("back", "冲正")],
                default="month",
                max_length=10,
                verbose_name="结算",
            ),
        ),
        migrations.AlterField(
            model_name="servicebill",
            name="source",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.record",
                verbose_name="来源单据",
            ),
        ),
        migrations.AddField(
            model_name="servicebill",
            name="takes_back",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="taken_back_by",
                to="handing.servicebillline",
                verbose_name="冲销哪一笔",
            ),
        ),
        migrations.AlterField(
            model_name="servicebillline",
            name="unit",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="estate.unit",
                verbose_name="房屋",
            ),
        ),
    ]
