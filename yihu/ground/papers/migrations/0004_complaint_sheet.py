"""A complaint that is confirmed is filed among the unit's papers."""

from django.db import migrations, models

KINDS = [
    ("work_sheet", "维修单"),
    ("warranty_slip", "返修联系单"),
    ("service_sheet", "有偿服务单"),
    ("complaint_sheet", "投诉意见处理表"),
    ("reception", "接待记录"),
    ("identity", "身份证件"),
    ("contract", "合同与协议"),
    ("commitment", "承诺书"),
    ("authority", "委托书"),
    ("handover", "收楼资料"),
    ("renovation", "装修资料"),
    ("other", "其它"),
]


class Migration(migrations.Migration):
    dependencies = [("papers", "0003_service_sheet")]
    operations = [
        migrations.AlterField("paper", "kind", models.CharField("资料类别", max_length=20, choices=KINDS)),
    ]
