"""Pictures of a card that was never issued after all do not stay."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import transaction

from cards import actions, pictures
from hmskort.common import clock
from tests.cards.builders import issued, to_issue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def kept(media: Path) -> set[str]:
    return {path.parent.name for path in media.glob("cards/*/*")}


def test_pictures_whose_card_came_to_nothing_are_removed_and_others_stay(media):
    card = issued()
    wanted = to_issue("also employed")
    with transaction.atomic():
        actions.issue(**wanted)
        transaction.set_rollback(True)
    assert len(kept(media)) == 2
    assert pictures.remove_orphans() == 0  # its card may be on the way to its commit
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        assert pictures.remove_orphans() == 1
        assert pictures.remove_orphans() == 0
    assert kept(media) == {str(card.pk)}
    assert [path.name for path in media.glob("cards/*")] == [str(card.pk)]


def test_with_no_card_issued_yet_there_is_nothing_to_remove():
    assert pictures.remove_orphans() == 0


def test_what_is_not_named_by_a_card_is_left_alone(media):
    (media / "cards" / "other").mkdir(parents=True)
    (media / "cards" / "other" / "file").write_text("somebody else's")
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        assert pictures.remove_orphans() == 0
