"""The simulated services: each named once, with where it stands and who makes its routes."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import URLPattern

from hmskort.accounts.altinn import simulator as altinn
from hmskort.accounts.id_porten import simulator as id_porten
from hmskort.common.simulation import Store
from hmskort.notifications.sms import simulator as sms
from orders.invoicing.access_point import simulator as peppol
from orders.payments.nexi import simulator as nexi
from orders.payments.vipps import simulator as vipps
from registers.aaregisteret import simulator as aaregisteret
from registers.bemanningsforetaksregisteret import simulator as bemanningsforetaksregisteret
from registers.enhetsregisteret import simulator as enhetsregisteret
from registers.folkeregisteret import simulator as folkeregisteret
from registers.krr import simulator as krr
from registers.maskinporten import simulator as maskinporten
from registers.oar import simulator as oar
from registers.renholdsregisteret import simulator as renholdsregisteret
from registers.udi import simulator as udi


@dataclass(frozen=True)
class Service:
    """A service of the outside world as the simulator site mounts it."""

    key: str
    title: str
    path: str  # below the site's address
    urlpatterns_for: Callable[[Store], list[URLPattern]]


SERVICES = (
    Service("idporten", "ID-porten", "idporten/", id_porten.urlpatterns_for),
    Service("altinn", "Altinn", "altinn/", altinn.urlpatterns_for),
    Service(
        "enhetsregisteret",
        "Enhetsregisteret",
        "enhetsregisteret/api/",
        enhetsregisteret.urlpatterns_for,
    ),
    Service(
        "folkeregisteret",
        "Folkeregisteret",
        "folkeregisteret/folkeregisteret/offentlig-med-hjemmel/api/v1/",
        folkeregisteret.urlpatterns_for,
    ),
    Service(
        "aaregisteret",
        "Aa-registeret",
        "aareg/v1/arbeidsforhold/",
        aaregisteret.urlpatterns_for,
    ),
    Service(
        "renholdsregisteret",
        "Renholdsregisteret",
        "registerdata/",
        renholdsregisteret.urlpatterns_for,
    ),
    Service(
        "bemanningsforetaksregisteret",
        "Bemanningsforetaksregisteret",
        "bemanningsforetaksregisteret2/api/",
        bemanningsforetaksregisteret.urlpatterns_for,
    ),
    Service("oar", "Oppdrags- og arbeidsforholdsregisteret", "oar/v1/", oar.urlpatterns_for),
    Service("udi", "UDI", "udi/v1/", udi.urlpatterns_for),
    Service("krr", "Kontakt- og reservasjonsregisteret", "krr/rest/v2/", krr.urlpatterns_for),
    Service("maskinporten", "Maskinporten", "maskinporten/", maskinporten.urlpatterns_for),
    Service("payments", "Betaling (Nexi Checkout)", "nexi/", nexi.urlpatterns_for),
    Service("vipps", "Betaling (Vipps MobilePay)", "vipps/", vipps.urlpatterns_for),
    Service("peppol", "Aksesspunkt (Peppol)", "peppol/", peppol.urlpatterns_for),
    Service("sms", "SMS (LINK Mobility)", "sms/", sms.urlpatterns_for),
)
