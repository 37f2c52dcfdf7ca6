"""Problems are counted by the part of the file they stand in, whatever the file calls its parts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("estate", "0004_keys_of_known_parties")]

    operations = [
        migrations.RenameField("rollproblem", "cluster", "part"),
        migrations.AlterField("rollproblem", "part", models.CharField("部分", max_length=20, blank=True, default="")),
    ]
