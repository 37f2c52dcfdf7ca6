"""Every form of the house is drawn by the templates under `ui/`."""

from django.forms.renderers import TemplatesSetting


class HouseRenderer(TemplatesSetting):
    """Finds widget templates in the apps, and draws `{{ form }}` and `{{ field.as_field_group }}` the house's way."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
