"""The price list: a price is added, and stands."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from hmskort.admin.kept import Kept, KeptForm, column
from hmskort.admin.site import site
from hmskort.common import clock
from hmskort.common.templatetags.portal import kr
from orders.models import Price
from orders.prices import POSTAGE, SLEEVE, SLEEVE_POSTAGE
from registers.models import CardKind

ORE = 100


def items() -> list[tuple[str, str]]:
    """What has a price: each card kind, card sleeves, and the postage of either."""
    kinds = [(kind.pk, kind.name) for kind in CardKind.objects.all()]
    return [
        *kinds,
        (POSTAGE, str(gettext_lazy("Porto"))),
        (SLEEVE, str(gettext_lazy("Kortholder"))),
        (SLEEVE_POSTAGE, str(gettext_lazy("Porto for kortholdere"))),
    ]


class PriceForm(KeptForm):
    """A new price. It begins today or later: what has been ordered was ordered at its price."""

    item = forms.ChoiceField(label=gettext_lazy("Hva"), choices=items)
    net = forms.DecimalField(
        label=gettext_lazy("Pris uten mva., i kroner"), min_value=0, max_value=10_000,
        decimal_places=2, localize=True,
    )  # fmt: skip

    class Meta:
        model = Price
        fields = ("item", "since", "source")
        labels = {"since": gettext_lazy("Fra og med"), "source": gettext_lazy("Kilde")}
        help_texts = {"source": gettext_lazy("Hvem som har bestemt prisen.")}

    def clean_since(self) -> Any:
        since = self.cleaned_data["since"]
        if since < clock.today():
            raise forms.ValidationError(
                gettext_lazy("En pris kan ikke begynne før i dag."), code="past"
            )
        return since

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 - Django's
        self.instance.net_ore = int(self.cleaned_data["net"] * ORE)
        return super().save(commit)


@admin.register(Price, site=site)
class PriceAdmin(Kept):
    """Prices that have begun are never changed or taken out; the next one takes over."""

    form = PriceForm
    list_display = ("what", "from_", "net", "source_")
    list_display_links = ("what",)
    from_ = column("since", gettext_lazy("Fra og med"))
    source_ = column("source", gettext_lazy("Kilde"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def is_unused(self, row: Price) -> bool:
        return row.since > clock.today()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.list_display if obj else ("item", "since", "net", "source")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.list_display if obj else ()

    @admin.display(description=gettext_lazy("Hva"), ordering="item")
    def what(self, row: Price) -> str:
        return dict(items()).get(row.item, row.item)

    @admin.display(description=gettext_lazy("Pris uten mva."), ordering="net_ore")
    def net(self, row: Price) -> str:
        return kr(row.net_ore)
