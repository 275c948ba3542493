"""On a page of requirements: where the company already has an open case about one of them."""

from typing import Any

from django import template
from django.urls import reverse

from hmskort.desk import queries
from registers.models import Person
from registers.requirements.company import OF_THE_COMPANY

register = template.Library()


@register.simple_tag(takes_context=True)
def open_case_href(context: Any, person: Person, requirement: str) -> str:
    """The page of the company's open case about this; empty if there is none.

    The database is asked once for a page, however many requirements it shows.
    """
    request = context["request"]
    if not hasattr(request, "open_cases"):
        request.open_cases = queries.open_cases(request.company.orgnr)
    reference = request.open_cases.get((person.pk, requirement))
    if not reference and requirement in OF_THE_COMPANY:
        reference = request.open_cases.get((None, requirement))
    return reverse("desk:case", args=[reference]) if reference else ""
