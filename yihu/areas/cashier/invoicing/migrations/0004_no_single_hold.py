"""A receipt may have several invoices: what holds is the payment."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0003_parts_of_before")]

    operations = [migrations.RemoveField(model_name="invoicerequest", name="holds")]
