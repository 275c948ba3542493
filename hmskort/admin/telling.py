"""What the administration tells the history, and how the history is read there."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from hmskort.accounts.models import User
from hmskort.audit.names import EVENTS
from hmskort.audit.record import history
from hmskort.common.templatetags.portal import dato

Values = dict[str, object]
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def happened(row: models.Model, words: Mapping[str, str]) -> list[dict[str, object]]:
    """The row's events in words, with who did it. words: what names and values are called."""
    events = list(history(row).order_by("-id"))
    ids = {event.actor_id for event in events if event.actor_kind == "staff"}
    names = {str(user.pk): user.name for user in User.objects.filter(pk__in=ids)}
    return [
        {
            "at": event.at,
            "who": names.get(event.actor_id, ""),
            "what": EVENTS[event.name],
            "values": [
                (words.get(name, name), told(value, words)) for name, value in event.data.items()
            ],
        }
        for event in events
    ]


def told(value: Any, words: Mapping[str, str]) -> str:
    """A value of the history in words."""
    match value:
        case {"was": was, "now": now}:
            return f"{told(was, words)} → {told(now, words)}"
        case dict():
            return ", ".join(f"{words.get(k, k)}: {told(v, words)}" for k, v in value.items())
        case list() if value:
            return "; ".join(told(each, words) for each in value)
        case None | "" | []:
            return "–"
        case _:
            return _in_words(value, words)


def _in_words(value: object, words: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return _("ja") if value else _("nei")
    text = str(value)
    return dato(date.fromisoformat(text)) if DAY.fullmatch(text) else words.get(text, text)


def values_of(form: Any) -> Values:
    return {name: plain(value) for name, value in form.cleaned_data.items()}


def changes_of(form: Any) -> Values:
    return {
        name: {"was": plain(form.initial.get(name)), "now": plain(form.cleaned_data.get(name))}
        for name in form.changed_data
    }


def rows_of(formset: Any) -> Values:
    """What was done to the rows beneath, once they are saved."""
    name = formset.model._meta.model_name  # noqa: SLF001 - Django documents it
    made = [row.pk for row in formset.new_objects]
    changed = [row.pk for row, _fields in formset.changed_objects]
    told_of: Values = {
        f"{name}_added": [
            _own(values_of(f), formset) for f in formset.forms if f.instance.pk in made
        ],
        f"{name}_changed": [
            {"row": str(f.instance), **changes_of(f)}
            for f in formset.forms
            if f.instance.pk in changed
        ],
        f"{name}_deleted": [str(row) for row in formset.deleted_objects],
    }
    return {key: rows for key, rows in told_of.items() if rows}


def _own(values: Values, formset: Any) -> Values:
    """The values that are the row's own: neither its key nor the row it stands beneath."""
    others = {formset.fk.name, formset.model._meta.pk.name, "DELETE"}  # noqa: SLF001
    return {name: value for name, value in values.items() if name not in others}


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
