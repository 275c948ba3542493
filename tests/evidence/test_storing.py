"""A stored piece: one private file, one row, or nothing at all."""

import hashlib
import os
import resource
import stat
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection

from hmskort.audit.models import Event
from hmskort.common import clock, outbox
from hmskort.common.uploads import files
from hmskort.common.uploads.problems import UploadRefused
from hmskort.simulators import world
from orders.evidence import actions, listeners, queries, serving
from orders.evidence.models import Piece
from registers.persons import person_for
from tests.builders import actor_of
from tests.evidence import faces

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def store(kari):
    def store(content: bytes, kind: str = "portrait", name: str = "bilde.jpg") -> Piece:
        return actions.store(
            person=person_for(world.person("employed").national_id),
            orgnr="999999999",
            kind=kind,
            upload=SimpleUploadedFile(name, content, "image/jpeg"),
            actor=actor_of(kari),
        )

    return store


def stored(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def problems(store, content: bytes) -> list[str]:
    with pytest.raises(UploadRefused) as caught:
        store(content)
    return [problem.code for problem in caught.value.problems]


def test_the_file_is_private_and_says_nothing_in_its_name(store, media):
    piece = store(faces.jpeg(faces.good()), name="kari-01017912345.jpg")
    [path] = stored(media)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert "kari" not in path.name
    assert str(piece.person_id) not in path.name
    assert piece.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (piece.width, piece.height) == (960, 1200)


def test_history_says_who_uploaded_without_saying_a_number(store, kari):
    piece = store(faces.jpeg(faces.good()))
    event = Event.objects.get(name="evidence:uploaded", subject_id=str(piece.pk))
    assert event.actor_id == str(kari.pk)
    assert event.data == {"kind": "portrait"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"x" * (10 * 1024 * 1024 + 1), "too_big"),
        (b"\xff\xd8\xff and nothing more", "damaged"),
    ],
)
def test_what_cannot_be_used_leaves_nothing(store, media, content, code):
    assert problems(store, content) == [code]
    assert stored(media) == []
    assert not Piece.objects.exists()


def test_a_refusal_says_what_is_wrong_and_what_to_do(store):
    with pytest.raises(UploadRefused) as caught:
        store(faces.jpeg(faces.good().resize((200, 250))))
    [problem] = caught.value.problems
    assert problem.text == "Bildet er 200 × 250 piksler. Det må være minst 600 × 750."


def test_a_full_disk_leaves_nothing_half_done(store, media):
    """The process may write no file above 1000 bytes: what a full disk does, in small."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    content = faces.jpeg(faces.good())
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        codes = problems(store, content)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert codes == ["no_room"]
    assert stored(media) == []
    assert not Piece.objects.exists()


def test_a_row_that_cannot_be_written_takes_its_file_along(store, media):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE evidence_piece ADD CONSTRAINT none CHECK (false) NOT VALID")
    with pytest.raises(Exception, match="none"):
        store(faces.jpeg(faces.good()))
    assert stored(media) == []


def test_a_file_whose_row_may_have_been_written_is_left_to_the_sweep(media):
    """The database died at commit: nobody knows whether the row that names the file is there."""
    with pytest.raises(OperationalError), files.written(b"a picture", folder=actions.FOLDER):
        raise OperationalError("server closed the connection unexpectedly")
    assert [path.read_bytes() for path in stored(media)] == [b"a picture"]


def test_a_storage_without_folders_is_swept_too(settings, media):
    """An object store knows files by name alone: there is no folder to ask for."""
    storage = {"BACKEND": "tests.evidence.test_storing.ObjectStore"}
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    with files.written(b"left behind", folder=actions.FOLDER):
        pass
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        assert actions.remove_orphans() == 1
    assert stored(media) == []


def test_with_nothing_uploaded_yet_there_is_nothing_to_remove(media):
    assert actions.remove_orphans() == 0


class ObjectStore(FileSystemStorage):
    """Answers of names as an object store does."""

    def exists(self, name: str) -> bool:
        return Path(self.path(name)).is_file()


def test_a_file_that_a_killed_process_left_is_found_and_removed(store, media):
    piece = store(faces.jpeg(faces.good()))
    outbox.deliver_due()
    with files.written(b"left behind", folder=actions.FOLDER) as [name]:
        pass
    assert actions.remove_orphans() == 0  # it may be on its way to its row
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        assert actions.remove_orphans() == 1
    piece.refresh_from_db()
    names = {os.path.relpath(path, media) for path in stored(media)}
    assert names == {str(piece.file), str(piece.card_file)}
    assert name not in names


def test_the_worker_checks_a_portrait_and_crops_it_for_the_card(store):
    piece = store(faces.jpeg(faces.good()))
    assert piece.awaits_check
    outbox.deliver_due()
    piece.refresh_from_db()
    assert not piece.awaits_check
    assert queries.advice_about(piece) == []
    _left, _top, width, height = piece.crop
    assert width / height == pytest.approx(0.8, abs=0.01)
    assert serving.stored_bytes(piece) != serving.stored_bytes(piece, serving.Size.WHOLE)


def test_checking_twice_changes_nothing(store, media):
    piece = store(faces.jpeg(faces.good()))
    listeners.check_portrait(piece=str(piece.pk))
    before = Piece.objects.get(pk=piece.pk)
    listeners.check_portrait(piece=str(piece.pk))
    after = Piece.objects.get(pk=piece.pk)
    assert (before.card_file, before.checked_at) == (after.card_file, after.checked_at)
    assert len(stored(media)) == 2


def test_a_portrait_that_lies_down_is_stored_upright(
    store, media, django_capture_on_commit_callbacks
):
    piece = store(faces.jpeg(faces.turned(90)))
    assert (piece.width, piece.height) == (1200, 960)
    with django_capture_on_commit_callbacks(execute=True):
        listeners.check_portrait(piece=str(piece.pk))
    piece.refresh_from_db()
    assert (piece.width, piece.height) == (960, 1200)
    assert piece.sha256 == hashlib.sha256((media / str(piece.file)).read_bytes()).hexdigest()
    assert len(stored(media)) == 2


def test_a_signature_needs_no_check(store):
    piece = store(faces.jpeg(faces.good().resize((600, 200))), "signature")
    outbox.deliver_due()
    piece.refresh_from_db()
    assert piece.checks is None
    assert not piece.awaits_check


def test_a_picture_is_served_to_be_seen_and_not_kept(store):
    response = serving.file_response(store(faces.jpeg(faces.good())))
    assert response["Content-Type"] == "image/jpeg"
    assert "no-store" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("inline")
    assert response.content.startswith(b"\xff\xd8\xff")
