"""How often something was asked for is counted in one table for the whole house."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("api", "0002_pace"),
    ]

    operations = [
        migrations.DeleteModel(
            name="Pace",
        ),
    ]
