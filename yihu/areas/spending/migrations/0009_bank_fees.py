"""手续费 stands on a line of the budget: one for each community that plans by lines already."""

from django.db import migrations, models


def add_the_line(apps, editor):
    BudgetLine = apps.get_model("spending", "BudgetLine")
    for community in sorted(set(BudgetLine.objects.values_list("community", flat=True))):
        taken = set(BudgetLine.objects.filter(community=community).values_list("code", flat=True))
        codes = ("Z10", "SXF", *(f"SXF{at}" for at in range(2, len(taken) + 3)))
        code = next(one for one in codes if one not in taken)
        BudgetLine.objects.create(
            community_id=community, code=code, name="手续费", kind="cost", source="office", fees=True
        )


class Migration(migrations.Migration):
    dependencies = [
        ("spending", "0008_repair"),
    ]

    operations = [
        migrations.AddField(
            model_name="budgetline",
            name="fees",
            field=models.BooleanField(db_default=False, default=False, verbose_name="银行、刷卡、线上渠道扣的手续费"),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("fees", False),
                    models.Q(("audited", False), ("cost__isnull", True), ("kind", "cost"), ("source", "office")),
                    _connector="OR",
                ),
                name="fees_are_the_offices_cost",
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("fees", True)), fields=("community",), name="fees_on_one_line"
            ),
        ),
        migrations.RunPython(add_the_line, migrations.RunPython.noop),
    ]
