"""Why a file cannot be used, in words."""

from django.utils.translation import gettext_lazy as _

UNUSABLE = {
    "too_big": _("Filen er for stor. Den kan være på høyst 2 MB."),
    "too_many": _("Listen er for lang. Du kan sende inn 1000 personer om gangen."),
    "empty": _("Det står ingen personer i listen."),
    "broken": _("Filen er ødelagt. Lagre den på nytt, eller lim inn radene."),
    "old_excel": _("Filen er av en gammel type eller har passord. Lagre den som .xlsx eller CSV."),
    "not_a_table": _("Dette er ikke et regneark. Send en fil av typen .xlsx eller CSV."),
    "no_numbers": _("Vi finner ingen kolonne med fødselsnummer eller D-nummer."),
}
