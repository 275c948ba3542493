"""The automatic check of a portrait. Runs in a worker: this module brings OpenCV with it."""

from hmskort.common import clock
from hmskort.common.uploads import files
from hmskort.common.uploads.limits import Picture
from orders.evidence import actions, queries
from orders.evidence.models import Piece
from orders.evidence.photo import measuring, rules

CARD_WIDTH_PX = 960  # three times what the card's printer resolves


def check_portrait(*, piece: str) -> None:
    """The portrait has its findings and the part that goes on the card. Safe to run twice."""
    portrait = queries.unchecked_portrait(piece)
    if portrait is None:
        return
    image = measuring.decoded(files.read(str(portrait.file)))
    seen = measuring.measured(image)
    if seen.turned:
        image = measuring.turned(image, seen.turned)
        _turn(portrait, image, seen.turned)
    box = rules.crop_for(seen)
    findings = [finding.as_json() for finding in rules.judged(seen, clock.today())]
    jpeg = measuring.encoded(measuring.cropped(image, box, CARD_WIDTH_PX))
    with files.written(jpeg, folder=actions.FOLDER) as [name]:
        noted = actions.note_checks(
            piece=portrait,
            checks=findings,
            card_name=name,
            crop=[box.left, box.top, box.width, box.height],
        )
    if not noted:
        files.delete([name])


def _turn(portrait: Piece, image: measuring.Image, degrees: int) -> None:
    picture = Picture(measuring.encoded(image), width=image.shape[1], height=image.shape[0])
    with files.written(picture.jpeg, folder=actions.FOLDER) as [name]:
        actions.turn(piece=portrait, picture=picture, name=name, degrees=degrees)
