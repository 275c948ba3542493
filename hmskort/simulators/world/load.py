"""Puts the world into the simulators' store."""

import hashlib
import json

from django.conf import settings
from django.db import transaction

from hmskort.common.simulation import Document
from hmskort.simulators.store import Store
from hmskort.simulators.world.build import DemonstrationWorld, Documents
from registers.enhetsregisteret import simulator as enhetsregisteret
from registers.folkeregisteret import simulator as folkeregisteret
from registers.maskinporten.provider import public_jwk
from registers.maskinporten.simulator import register_client, signing_key

LOADED = "world.loaded"
FEEDS = (enhetsregisteret.UNITS, enhetsregisteret.SUBUNITS, enhetsregisteret.ROLES)
SCOPES = [
    "folkeregister:deling/offentligmedhjemmel",
    "nav:aareg/v1/arbeidsforhold",
    "altinn:accessmanagement/authorizedparties.resourceowner",
    "krr:global/kontaktinformasjon.read",
    "skatteetaten:oppdragutenlandskevirksomheter",
    "udi:arbeidsadgang",
]


@transaction.atomic
def load(store: Store, world: DemonstrationWorld) -> bool:
    """The store holds the world; False when it held this very world already.

    What was changed by hand stays until the world itself changes: a new day, or a new version.
    """
    register_portal(store)
    documents = world.documents()
    edition = {"edition": _edition(documents)}
    if not store.put(LOADED, "world", edition):
        return False
    for collection, bodies in documents.items():
        if collection in FEEDS:
            for orgnr, body in bodies.items():
                enhetsregisteret.change(store, collection, orgnr, body)
        elif collection == folkeregisteret.PERSONS:
            _load_persons(store, bodies)
        else:
            store.replace_all(collection, bodies)
    for orgnr, on in world.removed().items():
        enhetsregisteret.remove(store, orgnr, on.isoformat())
    return True


def _load_persons(store: Store, documents: dict[str, Document]) -> None:
    """Folkeregisteret holds these people; its feed tells of those who differ from before."""
    before = dict(store.all(folkeregisteret.PERSONS))
    store.replace_all(folkeregisteret.PERSONS, documents)
    for national_id, document in documents.items():
        if before and before.get(national_id) != document:
            item = {"identifikator": national_id, "type": "personErOppdatert"}
            store.append(folkeregisteret.EVENTS, item)


def register_portal(store: Store) -> None:
    """Maskinporten knows the portal by the key of the settings."""
    config = settings.MASKINPORTEN
    signing_key(store)
    register_client(
        store,
        config["client_id"],
        orgnr=settings.ISSUER_ORGNR,
        scopes=SCOPES,
        jwk=public_jwk(config["key"], config["key_id"]),
    )


def _edition(documents: Documents) -> str:
    text = json.dumps(documents, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
