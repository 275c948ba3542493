"""Production refuses to start unsafe: simulators, missing keys, plain addresses."""

import base64
import binascii
from collections.abc import Iterator

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

KEY_BYTES = 32
ENVIRONMENTS = ("production", "development", "test")


@register()
def environment_is_known(**_: object) -> list[CheckMessage]:
    """A misspelt environment would be neither guarded as production nor meant as anything else."""
    if settings.HMSKORT_ENV in ENVIRONMENTS:
        return []
    return [Error(f"HMSKORT_ENV must be one of {', '.join(ENVIRONMENTS)}.", id="hmskort.E100")]


@register()
def identity_keys_are_whole(**_: object) -> list[CheckMessage]:
    """Keys for identity numbers are 32 bytes in base64, in every environment."""
    parts = [part.partition(":")[2] for part in settings.IDENTITY_KEYS.split(",")]
    return [
        Error(
            f"{name} must hold {KEY_BYTES} random bytes in base64.",
            hint="python3 -c 'import os,base64;print(base64.b64encode(os.urandom(32)).decode())'",
            id=f"hmskort.E00{number}",
        )
        for number, (name, key) in enumerate(
            [
                *(("HMSKORT_IDENTITY_KEYS", part) for part in parts),
                ("HMSKORT_LOOKUP_KEY", settings.LOOKUP_KEY),
            ],
            1,
        )
        if not _is_key(key)
    ]


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == KEY_BYTES
    except binascii.Error:
        return False


@register()
def production_is_safe(**_: object) -> list[CheckMessage]:
    """In production nothing simulated, default or unencrypted is in use."""
    if not settings.PRODUCTION:
        return []
    return [*_plain_addresses(), *_missing_secrets(), *_simulators()]


def _plain_addresses() -> Iterator[CheckMessage]:
    addresses = {
        "HMSKORT_BASE_URL": settings.BASE_URL,
        "HMSKORT_ID_PORTEN_ISSUER": settings.ID_PORTEN["issuer"],
        "HMSKORT_MASKINPORTEN_URL": settings.MASKINPORTEN["url"],
        "HMSKORT_NEXI_URL": settings.PAYMENT["nexi"]["base_url"],
        "HMSKORT_VIPPS_URL": settings.PAYMENT["vipps"]["base_url"],
        **({} if "folder" in settings.EHF else {"HMSKORT_EHF_URL": settings.EHF["base_url"]}),
        "HMSKORT_ALTINN_URL": settings.ALTINN["base_url"],
        "HMSKORT_SMS_URL": settings.SMS["base_url"],
        **{
            f"HMSKORT_{name.upper()}_URL": register["base_url"]
            for name, register in settings.REGISTERS.items()
        },
    }
    for name, address in addresses.items():
        if not address.startswith("https://"):
            yield Error(f"{name} must be an https address.", id="hmskort.E101")


def _missing_secrets() -> Iterator[CheckMessage]:
    id_porten = settings.ID_PORTEN
    secrets = {
        # ID-porten knows the portal by either; the key goes first.
        "HMSKORT_ID_PORTEN_KEY or HMSKORT_ID_PORTEN_SECRET": (
            id_porten["key"] or id_porten["secret"]
        ),
        "HMSKORT_MASKINPORTEN_KEY": settings.MASKINPORTEN["key"],
        "HMSKORT_NEXI_SECRET": settings.PAYMENT["nexi"]["secret"],
        "HMSKORT_NEXI_WEBHOOK_SECRET": settings.PAYMENT["nexi"]["webhook_secret"],
        **{
            f"HMSKORT_VIPPS_{name}": settings.PAYMENT["vipps"][name.lower()]
            for name in ("CLIENT_ID", "CLIENT_SECRET", "SUBSCRIPTION_KEY", "WEBHOOK_SECRET")
        },
        "HMSKORT_VIPPS_MERCHANT": settings.PAYMENT["vipps"]["merchant_serial_number"],
        "HMSKORT_INVOICE_ACCOUNT": settings.INVOICE_ACCOUNT,
        "HMSKORT_EHF_TOKEN": settings.EHF.get("token", "folder"),
        "HMSKORT_SMS_PASSWORD": settings.SMS["password"],
        "HMSKORT_STATION_TOKENS": settings.STATION_TOKENS,
        "HMSKORT_CHIP_PUBLIC_KEYS": settings.CHIP_PUBLIC_KEYS,
    }
    for name, value in secrets.items():
        if not value:
            yield Error(f"{name} is not set.", id="hmskort.E102")
    if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") and not settings.EMAIL_HOST:
        yield Error("HMSKORT_SMTP_HOST is not set.", id="hmskort.E105")


def _simulators() -> Iterator[CheckMessage]:
    if settings.SIMULATORS_URL or settings.SITE == "simulators":
        yield Error(
            "Simulators cannot be used in production.",
            hint="Unset HMSKORT_SIMULATORS_URL and HMSKORT_SITE.",
            id="hmskort.E103",
        )
    if "simulators" in settings.EMAIL_BACKEND or "Inbox" in settings.EMAIL_BACKEND:
        yield Error("HMSKORT_EMAIL_BACKEND is the simulator's.", id="hmskort.E104")
