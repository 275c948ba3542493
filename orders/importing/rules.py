"""How long a list is kept. It holds identity numbers, so it is not kept longer than it is used."""

from datetime import date, timedelta

from hmskort.common.dated import Dated

KEPT_FOR = (
    Dated(date(2008, 1, 1), timedelta(days=14), "Personopplysningsloven § 1, art. 5 nr. 1 e"),
)
