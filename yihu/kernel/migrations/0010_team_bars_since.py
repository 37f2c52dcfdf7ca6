"""A team's bar says since when; those that stand hold from the moment at which they were written."""

from django.db import migrations, models
from django.db.models import F, Q


def from_their_own_moment(apps, schema_editor):
    apps.get_model("kernel", "Barred").objects.exclude(team="").update(since=F("at"))


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0009_looks"),
    ]

    operations = [
        migrations.AddField(model_name="barred", name="since", field=models.DateTimeField(null=True)),
        migrations.RunPython(from_their_own_moment, migrations.RunPython.noop, elidable=False),
        migrations.AddConstraint(
            model_name="barred",
            constraint=models.CheckConstraint(
                condition=Q(team="", since__isnull=True) | ~Q(team="") & Q(since__isnull=False),
                name="barred_team_since",
            ),
        ),
    ]
