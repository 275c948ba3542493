"""What is sought in a list of cards stands in its address; an identity number never does."""

from django.utils.translation import gettext_lazy as _

from registers import national_id

NOT_BY_NUMBER = _("Skriv et etternavn eller et kortnummer. Her kan du ikke søke på fødselsnummer.")


def forget_number(wanted: dict[str, str]) -> bool:
    """What is wanted holds no identity number any more; did it?"""
    if not national_id.found_in(wanted.get("q", "")):
        return False
    del wanted["q"]
    return True
