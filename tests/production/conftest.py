"""A station without a reader: it plans and signs with the real chip code, and reports."""

import json
import secrets

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client

from cards.production import actions
from cards.production.printing import PrintFiles
from cards.production.tasks import make_batches
from encoding import jwks, profiles
from encoding.content import CardContent
from encoding.keys import Master, StationKeys
from encoding.plan import RANDOM, CardPlan, encode
from encoding.station import report
from encoding.writer import Written
from tests.builders import rest

KEYS = StationKeys(
    1,
    Master(secrets.token_bytes(16)),
    Master(secrets.token_bytes(16)),
    Ed25519PrivateKey.generate(),
)


class AStation:
    """What one station says to the portal."""

    def __init__(self, name: str, token: str) -> None:
        self.name = name
        self.token = token
        self.client = Client()

    def post(self, path: str, body: object):
        return self.client.post(
            f"/api/production/jobs/{path}",
            body if isinstance(body, str) else json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}"},
        )

    def claim(self):
        return self.post("claim", {"station": self.name})

    def job(self) -> dict:
        return self.claim().json()["job"]

    def start(self, job: dict, uid: bytes) -> CardPlan:
        """The job is on the chip with that UID; what would be written on it."""
        plan = encode(
            CardContent.from_json(job["content"], generation=job["generation"]),
            uid=uid,
            profile=profiles.load(job["profile"]),
            keys=KEYS,
            random=bytes(RANDOM),
        )
        self.started = self.post(f"{job['id']}/started", {"uid": uid.hex(), "plan": plan.digest()})
        return plan

    def finish(self, job: dict, plan: CardPlan, **change):
        return self.post(f"{job['id']}/done", report_of(plan) | change)

    def make(self, job: dict, uid: bytes):
        return self.finish(job, self.start(job, uid))


def report_of(plan: CardPlan) -> dict[str, str]:
    return report(
        Written(
            uid=plan.uid,
            profile=plan.profile.name,
            generation=1,
            key_version=KEYS.version,
            image_digest=plan.digest(),
            attestation=plan.attestation,
        )
    )


@pytest.fixture(autouse=True)
def settings_of_production(settings, tmp_path):
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps(jwks.build([KEYS.signing.public_key()])))
    settings.CHIP_PUBLIC_KEYS = str(keys)
    settings.STATION_TOKENS = "north:token-of-north,south:token-of-south"
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def north():
    return AStation("north", "token-of-north")


@pytest.fixture
def south():
    return AStation("south", "token-of-south")


@pytest.fixture
def uid():
    return bytes.fromhex("04A1B2C3")


@pytest.fixture
def batched(db):
    """`batched(card, ...)`: the cards' batch with its print files."""

    def make(*cards):
        rest()
        make_batches()
        return cards[0].chip_job.batch

    return make


@pytest.fixture
def ready(db):
    """`ready(card, ...)`: the cards' chips wait for a station; nothing is on paper."""

    def make(*cards):
        rest()
        actions.printable(batch=actions.gather(), files=PrintFiles())

    return make
