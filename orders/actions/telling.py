"""Telling employers that cards of theirs became not valid, soon will, or are valid again."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from cards.models import Card
from cards.states import Standing
from hmskort.accounts.delegation import mails as access_mails
from hmskort.accounts.models import Access
from hmskort.common import clock
from hmskort.common.transactions import owns_transaction
from orders import mails, queries
from orders.mails import News
from orders.models import CardNews


@owns_transaction
def note_validity(*, before: Mapping[UUID, str], at: datetime) -> None:
    """The employers will be told; once for each change.

    before: how each card stood, by its id.
    """
    cards = Card.objects.filter(pk__in=before).values_list("pk", "orgnr")
    news = [CardNews(card_id=pk, orgnr=orgnr, was=before[pk], at=at) for pk, orgnr in cards]
    CardNews.objects.bulk_create(news, ignore_conflicts=True)


@owns_transaction
def tell_company(*, orgnr: str) -> None:
    """The company has one mail on all that has changed since the last one.

    It goes to whoever ordered last. A card that went back and forth meanwhile is no news.
    """
    rows = list(
        CardNews.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(orgnr=orgnr, told_at=None)
        .select_related("card__person", "card__kind")
        .order_by("at")
    )
    news, order = _news(rows), queries.latest_order(orgnr)
    if news and order:
        mails.validity(order, news, key=f"{orgnr}:{rows[-1].pk}")
    CardNews.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=clock.now())


def _news(rows: Iterable[CardNews]) -> News:
    """By card, from how it stood at the first change to how it stands now."""
    first: dict[UUID, CardNews] = {}
    for row in rows:
        first.setdefault(row.card_id, row)
    news = News()
    for row in first.values():
        card, was, now = row.card, row.was, row.card.standing
        ends_on = _last_day(card)
        if now == Standing.REQUIREMENTS and was != now:
            news.not_valid.append(card)
        elif now == Standing.VALID and was == Standing.REQUIREMENTS:
            news.valid_again.append(card)
        elif now == Standing.VALID and ends_on and ends_on < card.expires_on:
            news.valid_until.append((card, ends_on))
    return news


def _last_day(card: Card) -> date | None:
    """The last of the days in a row, from today, on which the requirements hold."""
    today = clock.today()
    return next(
        (
            last
            for first, last in card.valid_on
            if (first or today) <= today and (last or today) >= today
        ),
        None,
    )


@owns_transaction
def tell_of_suspended_access(*, access: Access) -> None:
    """Who leads the company is told once; where no leader has an address, whoever ordered last."""
    order = queries.latest_order(access.main_orgnr)
    otherwise = (order.contact_email, order.language) if order else ("", "nb")
    if access.suspended_at:  # else it was given back meanwhile
        access_mails.suspended(access, otherwise=otherwise)
