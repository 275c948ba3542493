"""Forms come out as Designsystemet fields: `{{ form }}`, `{{ form.name.as_field_group }}`."""

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext as _

GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


class PortalBoundField(BoundField):
    """A field that knows how it looks: its widgets carry the design system's class."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        if not self.is_hidden:
            attrs = field.widget.attrs
            attrs["class"] = " ".join(dict.fromkeys([*attrs.get("class", "").split(), "ds-input"]))
        if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
            field.error_messages["required"] = self.missing

    @property
    def missing(self) -> str:
        """What is said of an empty field: names the field, so that it can stand in the summary."""
        texts = {
            "line": _("%(label)s må fylles ut"),
            "tick": _("Du må krysse av for «%(label)s»"),
            "group": _("%(label)s: Velg et alternativ"),
            "file": _("%(label)s: Velg en fil"),
        }
        return texts[self.shape] % {"label": self.label}

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
