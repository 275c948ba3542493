"""The registers' clients, each chosen in the setting `REGISTERS` by dotted path."""

import functools
from typing import Any, Literal, overload

from django.conf import settings

from hmskort.common import services
from registers.aaregisteret.client import SCOPE as EMPLOYMENT_SCOPE
from registers.aaregisteret.client import EmploymentRegister
from registers.bemanningsforetaksregisteret.client import StaffingRegister
from registers.enhetsregisteret.client import CompanyRegister
from registers.folkeregisteret.client import SCOPE as PERSON_SCOPE
from registers.folkeregisteret.client import PersonRegister
from registers.krr.client import SCOPE as CONTACT_SCOPE
from registers.krr.client import ContactRegister
from registers.maskinporten.client import BearerAuth
from registers.maskinporten.client import Client as Maskinporten
from registers.oar.client import SCOPE as POSTED_WORK_SCOPE
from registers.oar.client import PostedWorkRegister
from registers.renholdsregisteret.client import CleaningRegister
from registers.udi.client import SCOPE as PERMIT_SCOPE
from registers.udi.client import PermitRegister

SCOPES = {
    "folkeregisteret": PERSON_SCOPE,
    "aaregisteret": EMPLOYMENT_SCOPE,
    "oar": POSTED_WORK_SCOPE,
    "udi": PERMIT_SCOPE,
    "krr": CONTACT_SCOPE,
}


@overload
def client(register: Literal["enhetsregisteret"]) -> CompanyRegister: ...
@overload
def client(register: Literal["folkeregisteret"]) -> PersonRegister: ...
@overload
def client(register: Literal["aaregisteret"]) -> EmploymentRegister: ...
@overload
def client(register: Literal["renholdsregisteret"]) -> CleaningRegister: ...
@overload
def client(register: Literal["bemanningsforetaksregisteret"]) -> StaffingRegister: ...
@overload
def client(register: Literal["oar"]) -> PostedWorkRegister: ...
@overload
def client(register: Literal["udi"]) -> PermitRegister: ...
@overload
def client(register: Literal["krr"]) -> ContactRegister: ...
def client(register: str) -> Any:
    """The client of a register, made once per process."""
    config: dict[str, Any] = {
        "timeout_s": settings.REGISTER_TIMEOUT_S,
        **settings.REGISTERS[register],
    }
    if register in SCOPES:
        config["auth"] = maskinporten(SCOPES[register])
    return services.client_from(config)


def maskinporten(scope: str) -> BearerAuth:
    """What puts a Maskinporten token for a scope on each request of an `httpx.Client`."""
    config = {
        "client": "registers.maskinporten.client.Client",
        "timeout_s": settings.REGISTER_TIMEOUT_S,
        **settings.MASKINPORTEN,
    }
    return _bearer(services.client_from(config), scope)


@functools.cache
def _bearer(tokens: Maskinporten, scope: str) -> BearerAuth:
    return BearerAuth(tokens, scope)
