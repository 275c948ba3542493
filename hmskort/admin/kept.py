"""How rows are kept in the administration: who may, what is told to the history, what stands."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.forms.renderers import DjangoTemplates
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from hmskort.accounts.models import User
from hmskort.audit.models import Event
from hmskort.audit.names import EVENTS
from hmskort.audit.record import history, record

Values = dict[str, object]


class PlainForms(DjangoTemplates):
    """The administration's forms look as Django's, not as the portal's."""


class Day(forms.DateInput):
    """A day, as the browser itself asks for it."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


DAYS = {models.DateField: {"widget": Day}}


def column(name: str, label: str | Promise, *, boolean: bool = False) -> Any:
    """A column of a list that shows a field under a heading of its own."""

    @admin.display(description=label, ordering=name, boolean=boolean or None)
    def shown(table: Any, row: Any) -> Any:
        return getattr(row, name)

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

    def log_addition(self, request: Any, obj: Any, message: Any) -> None:
        record("data:added", actor=request.actor, subject=obj, **message)

    def log_change(self, request: Any, obj: Any, message: Any) -> None:
        if message:
            record("data:changed", actor=request.actor, subject=obj, **message)

    def log_deletions(self, request: Any, queryset: Iterable[models.Model]) -> None:
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
            "happened": happened(row),
            "object": row,
            "module_name": self.opts.verbose_name_plural,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/object_history.html", context)


def happened(row: models.Model) -> list[dict[str, object]]:
    """The row's events in words, with who did it."""
    events = list(history(row).order_by("-id"))
    ids = {event.actor_id for event in events if event.actor_kind == "staff"}
    names = {str(user.pk): user.name for user in User.objects.filter(pk__in=ids)}
    return [
        {
            "at": event.at,
            "who": names.get(event.actor_id, ""),
            "what": EVENTS[event.name],
            "values": _shown(event),
        }
        for event in events
    ]


def _shown(event: Event) -> list[tuple[str, object]]:
    return sorted(event.data.items())


def values_of(form: Any) -> Values:
    return {name: plain(value) for name, value in form.cleaned_data.items()}


def changes_of(form: Any) -> Values:
    return {
        name: [plain(form.initial.get(name)), plain(form.cleaned_data.get(name))]
        for name in form.changed_data
    }


def rows_of(formset: Any) -> Values:
    """What was done to the rows beneath, once they are saved."""
    name = formset.model._meta.model_name  # noqa: SLF001 - Django documents it
    told = {
        f"{name}_added": [str(row) for row in formset.new_objects],
        f"{name}_changed": [
            {"row": str(row), "fields": fields} for row, fields in formset.changed_objects
        ],
        f"{name}_deleted": [str(row) for row in formset.deleted_objects],
    }
    return {key: rows for key, rows in told.items() if rows}


def plain(value: Any) -> object:
    """The value as JSON can hold it."""
    match value:
        case None | bool() | int() | str():
            return value
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case list() | tuple() | set() | frozenset():
            return [plain(each) for each in value]
        case models.Model():
            return str(value.pk)
        case _:
            return str(value)
