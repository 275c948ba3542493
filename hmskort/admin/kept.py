"""How rows are kept in the administration: who may, what is told to the history, what stands."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.forms.renderers import DjangoTemplates
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from hmskort.admin.telling import changes_of, happened, rows_of, values_of
from hmskort.audit.record import record


class PlainForms(DjangoTemplates):
    """The administration's forms look as Django's, not as the portal's."""


class Day(forms.DateInput):
    """A day, as the browser itself asks for it."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


DAYS: Any = {models.DateField: {"widget": Day}}


def column(name: str, label: Any, *, boolean: bool = False) -> Any:
    """A column of a list that shows a field under a heading of its own."""
    field = name.removeprefix("get_").removesuffix("_display")

    @admin.display(description=label, ordering=field, boolean=boolean or None)
    def shown(table: Any, row: Any) -> Any:
        value = getattr(row, name)
        return value() if callable(value) else value

    return shown


class KeptForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form of the administration."""

    default_renderer = PlainForms


class Kept(admin.ModelAdmin):  # type: ignore[type-arg]
    """A table of the administration.

    Every change is told to the history of `hmskort.audit` with what it was and became; Django's own
    log stays empty. A row is deleted only while nothing rests on it (`is_unused`).
    """

    actions = None
    view_on_site = False
    formfield_overrides = DAYS
    fixed: tuple[str, ...] = ()  # fields that are given once

    def is_unused(self, row: Any) -> bool:
        """True where the row may be deleted: nothing rests on it."""
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request) and obj is not None and self.is_unused(obj)

    def words(self) -> dict[str, str]:
        """What the fields are called, and what is done to rows beneath."""
        forms_shown = (*(inline.form for inline in self.inlines), self.form)
        names = {
            name: str(field.label or name)
            for form in forms_shown
            for name, field in form.base_fields.items()
        }
        for inline in self.inlines:
            table = inline.model._meta  # noqa: SLF001 - Django documents it
            plural, name = table.verbose_name_plural, table.model_name
            names |= {
                f"{name}_added": _("Nye %s") % plural,
                f"{name}_changed": _("Endrede %s") % plural,
                f"{name}_deleted": _("Slettede %s") % plural,
            }
        return names | {"was": _("Var"), "row": _("Rad")}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fixed if obj else ()

    def construct_change_message(
        self,
        request: HttpRequest,
        form: Any,
        formsets: Any,
        add: bool = False,  # noqa: FBT001, FBT002 - Django's
    ) -> Any:
        """What the history is told: each field that changed, from what to what."""
        told = values_of(form) if add else changes_of(form)
        for formset in formsets or ():
            told |= rows_of(formset)
        return told

    def log_addition(self, request: Any, obj: Any, message: Any) -> None:  # type: ignore[override]
        record("data:added", actor=request.actor, subject=obj, **message)

    def log_change(self, request: Any, obj: Any, message: Any) -> None:  # type: ignore[override]
        if message:
            record("data:changed", actor=request.actor, subject=obj, **message)

    def log_deletions(self, request: Any, queryset: Iterable[models.Model]) -> None:  # type: ignore[override]
        for row in queryset:
            record("data:deleted", actor=request.actor, subject=row, was=str(row))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What happened to the row, the newest first."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": _("Historikk"),
            "happened": happened(row, self.words()),
            "object": row,
            "module_name": self.opts.verbose_name_plural,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/object_history.html", context)
