"""Card kinds: what is ordered, by its names, its chip and what it requires."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cards.public_check import actions as public_check
from encoding.content import Kind as ChipKind
from hmskort.admin.kept import Kept, KeptForm, column
from hmskort.admin.kind_requirements import (
    SOURCE_HELP,
    RequirementInline,
    is_in_use,
    requirements,
)
from hmskort.admin.site import site
from hmskort.common import clock
from hmskort.common.dated import NothingInForce
from orders.prices import price_of
from registers import kind_changes
from registers.models import CardKind

Text = str | Promise
CHIPS: dict[str, Text] = {
    ChipKind.CONSTRUCTION: gettext_lazy("Bransjekoding, som for bygg og anlegg"),
    ChipKind.CLEANING: gettext_lazy("Som for renhold"),
}


class CardKindForm(KeptForm):
    """A card kind. It can be ordered once it has a price and something that it requires."""

    chip_kind = forms.ChoiceField(
        label=gettext_lazy("Koding av brikken"),
        choices=list(CHIPS.items()),
        help_text=gettext_lazy("Hvilket oppsett chipen får. Det bestemmer hvem som kan lese den."),
    )

    class Meta:
        model = CardKind
        fields = (
            "code", "name_nb", "name_nn", "name_en", "chip_kind", "signature_required",
            "open_for_orders", "source",
        )  # fmt: skip
        labels = {
            "code": gettext_lazy("Kode"),
            "name_nb": gettext_lazy("Navn på bokmål"),
            "name_nn": gettext_lazy("Navn på nynorsk"),
            "name_en": gettext_lazy("Navn på engelsk"),
            "signature_required": gettext_lazy("Signatur kreves"),
            "open_for_orders": gettext_lazy("Kan bestilles"),
            "source": gettext_lazy("Kilde"),
        }
        help_texts = {
            "code": gettext_lazy("Står i adresser og i API-et, og kan ikke endres senere."),
            "name_nb": gettext_lazy("Står på forsiden av kortet, sammen med det engelske."),
            "open_for_orders": gettext_lazy("Først når typen har krav, og en pris som gjelder."),
            "source": SOURCE_HELP,
        }

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        code = self.instance.pk or given.get("code", "")
        if given.get("open_for_orders") and not _has_price(code):
            self.add_error(
                "open_for_orders",
                _(
                    "Typen har ingen pris ennå. Lagre uten å åpne, legg inn prisen, "
                    "og åpne etterpå."
                ),
            )
        return given


def _has_price(code: str) -> bool:
    try:
        price_of(code, clock.today())
    except NothingInForce:
        return False
    return True


@admin.register(CardKind, site=site)
class CardKindAdmin(Kept):
    """A changed set of requirements is what the kind's cards are judged by from its date."""

    form = CardKindForm
    inlines = (RequirementInline,)
    fixed = ("code",)
    list_display = ("name", "code_", "open", "source_")
    fields = CardKindForm.Meta.fields
    code_ = column("code", gettext_lazy("Kode"))
    source_ = column("source", gettext_lazy("Kilde"))

    def get_changeform_initial_data(self, request: Any) -> dict[str, Any]:
        """A kind that is added is opened afterwards, once it has a price."""
        return {"open_for_orders": False, **super().get_changeform_initial_data(request)}

    def is_unused(self, row: CardKind) -> bool:
        return not is_in_use(row)

    def words(self) -> dict[str, str]:
        """The requirements by the name of their register, too."""
        return super().words() | {name: str(title) for name, title in requirements()}

    @admin.display(description=gettext_lazy("Navn"), ordering="name_nb")
    def name(self, row: CardKind) -> str:
        return row.name

    @admin.display(description=gettext_lazy("Kan bestilles"), boolean=True)
    def open(self, row: CardKind) -> bool:
        return row.open_for_orders

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        obj.save()
        names = {name: getattr(obj, name) for name in ("name_nb", "name_nn", "name_en")}
        public_check.name_kind(code=obj.pk, **names)

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        formset.save()
        for row in formset.new_objects:
            kind_changes.begins(row=row)
            kind_changes.ends(row=row)
        for row, fields in formset.changed_objects:
            if "until" in fields:
                kind_changes.ends(row=row)
