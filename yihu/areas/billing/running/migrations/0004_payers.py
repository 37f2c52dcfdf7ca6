"""A run goes from payer to payer when it uses what was paid in advance, not from consent to consent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("running", "0003_month_turns"),
    ]

    operations = [
        migrations.RemoveField(model_name="billingrun", name="consent_to"),
        migrations.AddField(
            model_name="billingrun",
            name="payer_to",
            field=models.BigIntegerField(default=0, editable=False),
        ),
    ]
