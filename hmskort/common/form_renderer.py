"""Django forms come out as Designsystemet fields: `{{ form }}`, `{{ form.name.as_field_group }}`."""

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting

GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


class PortalBoundField(BoundField):
    """A field that knows how it looks: its widgets carry the design system's class."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        if not self.is_hidden:
            attrs = field.widget.attrs
            attrs["class"] = " ".join(dict.fromkeys([*attrs.get("class", "").split(), "ds-input"]))

    @property
    def shape(self) -> str:
        """How the field is laid out: group (fieldset), tick (label after the box), file or line."""
        widget = self.field.widget
        if isinstance(widget, GROUPS):
            return "group"
        if isinstance(widget, forms.CheckboxInput):
            return "tick"
        return "file" if isinstance(widget, forms.FileInput) else "line"

    @property
    def first_id(self) -> str:
        """The id that the error summary leads to: of a group, its first choice."""
        return self.auto_id + "_0" if self.shape == "group" else self.auto_id


class FormRenderer(TemplatesSetting):
    """Renders forms and fields with the portal's components."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
    bound_field_class = PortalBoundField
