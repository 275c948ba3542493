"""Countries in words, for the citizenships that the cards' holders mostly have.

Codes are ISO 3166-1 alpha-3 with Folkeregisteret's own three: XXK, XXX and XUK. A code without a
name here is shown as it is.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES: dict[str, str | Promise] = {
    "NOR": _("Norge"), "SWE": _("Sverige"), "DNK": _("Danmark"), "FIN": _("Finland"),
    "ISL": _("Island"), "POL": _("Polen"), "LTU": _("Litauen"), "LVA": _("Latvia"),
    "EST": _("Estland"), "ROU": _("Romania"), "BGR": _("Bulgaria"), "DEU": _("Tyskland"),
    "GBR": _("Storbritannia"), "NLD": _("Nederland"), "BEL": _("Belgia"), "FRA": _("Frankrike"),
    "ESP": _("Spania"), "PRT": _("Portugal"), "ITA": _("Italia"), "GRC": _("Hellas"),
    "HUN": _("Ungarn"), "CZE": _("Tsjekkia"), "SVK": _("Slovakia"), "SVN": _("Slovenia"),
    "HRV": _("Kroatia"), "AUT": _("Østerrike"), "CHE": _("Sveits"), "IRL": _("Irland"),
    "UKR": _("Ukraina"), "RUS": _("Russland"), "BIH": _("Bosnia-Hercegovina"),
    "SRB": _("Serbia"), "XXK": _("Kosovo"), "MKD": _("Nord-Makedonia"), "ALB": _("Albania"),
    "TUR": _("Tyrkia"), "SYR": _("Syria"), "IRQ": _("Irak"), "IRN": _("Iran"),
    "AFG": _("Afghanistan"), "PAK": _("Pakistan"), "IND": _("India"), "LKA": _("Sri Lanka"),
    "VNM": _("Vietnam"), "THA": _("Thailand"), "PHL": _("Filippinene"), "CHN": _("Kina"),
    "SOM": _("Somalia"), "ERI": _("Eritrea"), "ETH": _("Etiopia"), "SDN": _("Sudan"),
    "MAR": _("Marokko"), "GMB": _("Gambia"), "GHA": _("Ghana"), "NGA": _("Nigeria"),
    "USA": _("USA"), "BRA": _("Brasil"), "CHL": _("Chile"),
    "XXX": _("statsløs"), "XUK": _("ukjent"),
}  # fmt: skip


def nationality(code: str) -> str | Promise:
    """The country's name in the reader's language."""
    return NAMES.get(code, code)
