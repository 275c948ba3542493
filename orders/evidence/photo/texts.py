"""The words of each finding: what was checked, what was seen, and what to do about it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

CHECKS: dict[str, Any] = {
    "face": _("Ansikt"),
    "size": _("Størrelse"),
    "placement": _("Plassering"),
    "tilt": _("Hodets stilling"),
    "eyes": _("Øyne"),
    "brightness": _("Lys"),
    "side_light": _("Jevnt lys"),
    "sharpness": _("Skarphet"),
    "background": _("Bakgrunn"),
    "colour": _("Farge"),
}
SEEN: dict[str, Any] = {
    "face.one": _("Ett ansikt er funnet."),
    "face.none": _("Vi finner ikke noe ansikt i bildet."),
    "face.several": _("Vi finner flere ansikter i bildet."),
    "size.ok": _("Ansiktet er stort nok."),
    "size.small": _("Ansiktet er lite i bildet."),
    "placement.ok": _("Det er plass rundt ansiktet."),
    "placement.edge": _("Ansiktet står for nær kanten."),
    "tilt.ok": _("Hodet er rett."),
    "tilt.tilted": _("Hodet ser ut til å være på skrå."),
    "eyes.ok": _("Begge øynene synes."),
    "eyes.hidden": _("Vi ser ikke begge øynene tydelig."),
    "brightness.ok": _("Lyset er bra."),
    "brightness.dark": _("Ansiktet er mørkt."),
    "brightness.bright": _("Ansiktet er for lyst."),
    "side_light.ok": _("Ansiktet er jevnt opplyst."),
    "side_light.uneven": _("Den ene siden av ansiktet ligger i skygge."),
    "sharpness.ok": _("Bildet er skarpt."),
    "sharpness.blurred": _("Bildet ser uskarpt ut."),
    "background.ok": _("Bakgrunnen er jevn."),
    "background.busy": _("Bakgrunnen ser urolig ut."),
    "colour.ok": _("Bildet er i farger."),
    "colour.grey": _("Bildet er i svart-hvitt."),
}
ADVICE: dict[str, Any] = {
    "face.none": _(
        "Se rett i kameraet, og pass på at hele ansiktet synes. Ta av hjelm, solbriller og maske."
    ),
    "face.several": _("Bare én person kan være med, og ingen bilder eller plakater i bakgrunnen."),
    "size.small": _("Gå nærmere kameraet, eller bruk et bilde med flere piksler."),
    "placement.edge": _("Stå midt i bildet, med litt luft på begge sider."),
    "tilt.tilted": _("Hold hodet rett, og hold kameraet rett."),
    "eyes.hidden": _("Ta av brillene, ha øynene åpne og håret vekk fra ansiktet."),
    "brightness.dark": _("Ta bildet i dagslys, med lyset forfra."),
    "brightness.bright": _("Slå av blitsen, eller gå vekk fra direkte sol."),
    "side_light.uneven": _("Snu deg mot lyset, så hele ansiktet er like lyst."),
    "sharpness.blurred": _("Tørk av linsen, hold kameraet i ro og vent til det har stilt skarpt."),
    "background.busy": _("Stå foran en lys, ensfarget vegg."),
    "colour.grey": _("Last opp bildet i farger."),
}
