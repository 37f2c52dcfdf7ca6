"""What failed in the last month before this version told anybody is listed as well; what is older is nobody's news."""

from datetime import timedelta
from typing import Any

from django.db import migrations
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

BACK = timedelta(days=31)


def mark(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("sending", "Outgoing").objects.filter(
        party__isnull=False, state__in=["failed", "returned"], written_at__gte=timezone.now() - BACK
    )
    rows.update(lost_at=Coalesce(F("reported_at"), F("claimed_at"), F("written_at")))


class Migration(migrations.Migration):
    dependencies = [("sending", "0002_lost")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
