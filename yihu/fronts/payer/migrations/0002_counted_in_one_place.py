"""How often something was asked for is counted in one table for the whole house."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("payer", "0001_payer"),
    ]

    operations = [
        migrations.DeleteModel(
            name="Knock",
        ),
    ]
