"""The ways to pay: each from a day, and to another where its last one is known."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy

from hmskort.admin.kept import Kept, KeptForm, column
from hmskort.admin.site import site
from hmskort.common import clock
from orders.payments.models import PaymentMethod
from orders.payments.offers import methods_on


class PaymentMethodForm(KeptForm):
    """What has been offered was offered: a way begins today or later, and ends today or later."""

    class Meta:
        model = PaymentMethod
        fields = ("method", "since", "until", "source")
        help_texts = {"source": gettext_lazy("Hvem som har bestemt det.")}

    def clean_since(self) -> Any:
        since = self.cleaned_data["since"]
        if since < clock.today():
            raise forms.ValidationError(
                gettext_lazy("En betalingsmåte kan ikke begynne før i dag."), code="past"
            )
        return since

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until and until < clock.today():
            raise forms.ValidationError(
                gettext_lazy("En betalingsmåte kan ikke slutte før i dag."), code="past"
            )
        return until

    def clean(self) -> Any:
        """There is always a way to pay, and no row ends before it begins."""
        given = super().clean() or self.cleaned_data
        since = given.get("since") or self.instance.since
        until = given.get("until")
        if until and since and until < since:
            self.add_error("until", gettext_lazy("Den siste dagen er før den første."))
        elif until and self.instance.pk and self._would_be_the_last(until):
            self.add_error(
                "until",
                gettext_lazy("Da kan ingen betale dagen etter. Legg til en annen måte først."),
            )
        return given

    def _would_be_the_last(self, until: Any) -> bool:
        return set(methods_on(until + timedelta(days=1))) <= {self.instance.method}


@admin.register(PaymentMethod, site=site)
class PaymentMethodAdmin(Kept):
    """A way that has begun is ended with a last day; one of a day to come may be taken out."""

    form = PaymentMethodForm
    fixed = ("method", "since")
    list_display = ("method_", "from_", "to_", "source_")
    list_display_links = ("method_",)
    method_ = column("get_method_display", gettext_lazy("Måte å betale på"))
    from_ = column("since", gettext_lazy("Fra og med"))
    to_ = column("until", gettext_lazy("Til og med"))
    source_ = column("source", gettext_lazy("Kilde"))

    def is_unused(self, row: PaymentMethod) -> bool:
        return row.since > clock.today()
