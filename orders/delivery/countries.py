"""The countries that cards can be sent to, by their code (ISO 3166-1 alpha-2)."""

from django.utils import translation
from django.utils.translation import gettext_lazy as _

NORWAY = "NO"
# The EEA, Switzerland, the United Kingdom and Ukraine: where employers of workers here are.
COUNTRIES = {
    NORWAY: _("Norge"),
    "SE": _("Sverige"),
    "DK": _("Danmark"),
    "FI": _("Finland"),
    "IS": _("Island"),
    "FO": _("Færøyene"),
    "BE": _("Belgia"),
    "BG": _("Bulgaria"),
    "EE": _("Estland"),
    "FR": _("Frankrike"),
    "GR": _("Hellas"),
    "IE": _("Irland"),
    "IT": _("Italia"),
    "HR": _("Kroatia"),
    "CY": _("Kypros"),
    "LV": _("Latvia"),
    "LI": _("Liechtenstein"),
    "LT": _("Litauen"),
    "LU": _("Luxembourg"),
    "MT": _("Malta"),
    "NL": _("Nederland"),
    "PL": _("Polen"),
    "PT": _("Portugal"),
    "RO": _("Romania"),
    "SK": _("Slovakia"),
    "SI": _("Slovenia"),
    "ES": _("Spania"),
    "GB": _("Storbritannia"),
    "CH": _("Sveits"),
    "CZ": _("Tsjekkia"),
    "DE": _("Tyskland"),
    "UA": _("Ukraina"),
    "HU": _("Ungarn"),
    "AT": _("Østerrike"),
}


def country_on_a_letter(code: str) -> str:
    """The last line of an address abroad: in English and capitals, as the post wants it."""
    with translation.override("en"):
        return str(COUNTRIES.get(code, code)).upper()
