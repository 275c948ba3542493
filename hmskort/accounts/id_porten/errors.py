"""Why a login did not end in a session."""

from enum import StrEnum

from allauth.socialaccount.providers.base import ProviderException


class Reason(StrEnum):
    CANCELLED = "cancelled"  # the person pressed cancel at ID-porten
    TOO_LOW = "too_low"  # with an electronic ID that is not sure enough
    NO_NUMBER = "no_number"  # with one that carries no Norwegian identity number
    SILENT = "silent"  # ID-porten does not answer
    CLOSED = "closed"  # the user has been closed here
    BROKEN = "broken"  # too late, twice, or not what we asked for


class LoginFailed(ProviderException):
    """The login ends with a page that says what to do."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason
