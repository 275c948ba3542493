"""The documents that prove an exemption, by code."""

from django.utils.translation import gettext_lazy as _

NAMES = {
    "rf1316": _("Attest for skatt og merverdiavgift (RF-1316)"),
    "rf1199": _("Kvittering for RF-1199, fra Altinn eller med stemplingskode"),
    "contract": _("Avtale med norsk oppdragsgiver eller innleier"),
    "tax_office": _("Dokumentasjon fra Skatteetaten"),
    "firmaattest": _("Firmaattest eller registerutskrift"),
    "decision": _("Vedtak eller brev fra en offentlig myndighet"),
}
