"""Production starts when everything is safe, and says what is not when something is not."""

import base64
import os
import subprocess
import sys

import pytest

from hmskort.local.places import ROOT

KEY = base64.b64encode(bytes(range(32))).decode()
REGISTERS = (
    "ENHETSREGISTERET", "FOLKEREGISTERET", "AAREGISTERET", "RENHOLDSREGISTERET",
    "BEMANNINGSFORETAKSREGISTERET", "OAR", "UDI", "KRR",
)  # fmt: skip
ADDRESSES = (
    "BASE_URL", "ID_PORTEN_ISSUER", "MASKINPORTEN_URL", "NEXI_URL", "ALTINN_URL", "SMS_URL",
    "EHF_URL", "VIPPS_URL",
    *(f"{name}_URL" for name in REGISTERS),
)  # fmt: skip
SECRETS = (
    "MASKINPORTEN_KEY", "NEXI_SECRET", "NEXI_WEBHOOK_SECRET", "SMS_PASSWORD", "STATION_TOKENS",
    "CHIP_PUBLIC_KEYS", "INVOICE_ACCOUNT", "EHF_TOKEN", "VIPPS_CLIENT_ID", "VIPPS_CLIENT_SECRET",
    "VIPPS_SUBSCRIPTION_KEY", "VIPPS_MERCHANT", "VIPPS_WEBHOOK_SECRET",
)  # fmt: skip
SAFE = {
    "PATH": os.defpath,
    "LANG": "C.UTF-8",
    "DATABASE_URL": "postgres://portal@database.example/portal",
    "REDIS_URL": "redis://broker.example/0",
    "HMSKORT_SECRET_KEY": "".join(chr(33 + number) for number in range(64)),
    "HMSKORT_IDENTITY_KEYS": f"1:{KEY}",
    "HMSKORT_LOOKUP_KEY": KEY,
    "HMSKORT_ID_PORTEN_SECRET": "secret",
    "HMSKORT_SMTP_HOST": "mail.example",
    **{f"HMSKORT_{name}": "https://service.example" for name in ADDRESSES},
    **{f"HMSKORT_{name}": "secret" for name in SECRETS},
}


CHECKS = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
SERVES = ("-c", "import hmskort.wsgi")


def checked(argv=CHECKS, **change: str | None) -> tuple[int, str]:
    """The exit code of the checks before a start, and what they say. None takes a variable away."""
    changed = SAFE | {name: value for name, value in change.items() if value is not None}
    env = {name: value for name, value in changed.items() if change.get(name, "") is not None}
    argv = [sys.executable, *argv]
    done = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_safe_production_starts():
    assert checked() == (0, "System check identified no issues (0 silenced).\n")


def test_the_web_server_itself_serves_nobody_when_production_is_unsafe():
    assert checked(SERVES)[0] == 0
    code, said = checked(SERVES, HMSKORT_SIMULATORS_URL="https://x.example")
    assert code != 0
    assert "Simulators cannot be used in production." in said


def test_id_porten_may_know_the_portal_by_a_key_instead_of_a_secret():
    assert checked(HMSKORT_ID_PORTEN_SECRET=None, HMSKORT_ID_PORTEN_KEY="pem")[0] == 0


UNSAFE = [
    ({"HMSKORT_ENV": "prod"}, "HMSKORT_ENV must be one of"),
    ({"HMSKORT_SITE": "simulators"}, "Simulators cannot be used in production."),
    ({"HMSKORT_SIMULATORS_URL": "https://x.example"}, "Simulators cannot be used in production."),
    ({"HMSKORT_EMAIL_BACKEND": "x.Inbox"}, "HMSKORT_EMAIL_BACKEND is the simulator's."),
    ({"HMSKORT_SMTP_HOST": None}, "HMSKORT_SMTP_HOST is not set."),
    ({"HMSKORT_IDENTITY_KEYS": "1:c2hvcnQ="}, "HMSKORT_IDENTITY_KEYS must hold 32 random bytes"),
    ({"HMSKORT_LOOKUP_KEY": "not base64"}, "HMSKORT_LOOKUP_KEY must hold 32 random bytes"),
    ({"HMSKORT_SECRET_KEY": "short"}, "security.W009"),
    ({"HMSKORT_SSL_REDIRECT": "false"}, "security.W008"),
    (
        {"HMSKORT_ID_PORTEN_SECRET": None},
        "HMSKORT_ID_PORTEN_KEY or HMSKORT_ID_PORTEN_SECRET is not set.",
    ),
]


@pytest.mark.parametrize(("change", "line"), UNSAFE, ids=[line for _, line in UNSAFE])
def test_an_unsafe_production_is_refused_and_told_why(change, line):
    code, said = checked(**change)
    assert code != 0
    assert line in said


def test_mail_may_go_another_way_than_by_smtp():
    assert checked(HMSKORT_SMTP_HOST=None, HMSKORT_EMAIL_BACKEND="mailer.Backend")[0] == 0


def test_no_service_is_called_by_a_plain_address():
    code, said = checked(**{f"HMSKORT_{name}": "http://service.example" for name in ADDRESSES})
    assert code != 0
    lines = [f"HMSKORT_{name} must be an https address." for name in ADDRESSES]
    assert [line for line in lines if line not in said] == []


def test_no_secret_has_a_default():
    code, said = checked(**{f"HMSKORT_{name}": None for name in SECRETS})
    assert code != 0
    lines = [f"HMSKORT_{name} is not set." for name in SECRETS]
    assert [line for line in lines if line not in said] == []


@pytest.mark.parametrize("name", ["SECRET_KEY", "IDENTITY_KEYS", "LOOKUP_KEY"])
def test_without_a_key_of_its_own_the_portal_does_not_even_load(name):
    code, said = checked(**{f"HMSKORT_{name}": None})
    assert code != 0
    assert f"HMSKORT_{name}" in said
