"""What a register answers when it holds nothing on the subject. No answer at all is an error."""

from dataclasses import dataclass

import httpx

from hmskort.common.services import Unreadable, read_json, says_json


@dataclass(frozen=True)
class NotFound:
    """The register answered, as it documents, that it does not know the subject."""

    source: str


def said_not_found(service: str, response: httpx.Response) -> NotFound:
    """What a 404 means that carries the register's own error code.

    A 404 of a wall, or of a wrong address, says nothing of the subject: `Unreadable`.
    """
    body = read_json(response) if says_json(response) else None
    if not isinstance(body, dict) or not body.get("kode"):
        raise Unreadable(service, "a 404 that the register did not write")
    return NotFound(service)
