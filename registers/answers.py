"""What a register answers when it holds nothing on the subject. No answer at all is an error."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NotFound:
    """The register answered, as it documents, that it does not know the subject."""

    source: str
