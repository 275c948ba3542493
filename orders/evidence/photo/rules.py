"""What is said of a portrait from what was measured in it: findings, and where to crop.

Findings are advice. None of them refuses a picture by itself: the detector is weaker on dark skin,
head scarves and side light, so a person decides. What the orderer keeps in spite of a finding is
shown to the reviewer.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from hmskort.common.dated import Dated, in_force
from hmskort.common.uploads.limits import CARD_RATIO


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels of the picture."""

    left: int
    top: int
    width: int
    height: int

    @property
    def center(self) -> tuple[float, float]:
        return self.left + self.width / 2, self.top + self.height / 2


@dataclass(frozen=True)
class Measured:
    """What was measured; parts that need a face are None without exactly one."""

    width: int
    height: int
    turned: int  # degrees clockwise that made a face appear
    faces: tuple[Box, ...]
    saturation: float  # mean of the whole picture, 0-255
    eyes: int | None = None
    tilt: float | None = None  # degrees of the line between the eyes
    brightness: float | None = None  # mean of the face, 0-255
    side_light: float | None = None  # brighter half of the face to the darker
    sharpness: float | None = None  # share of detail that another blur takes away, 0-1
    background: float | None = None  # spread of colour around the head


class FindingVerdict(StrEnum):
    OK = "ok"
    LOOK = "look"  # a person should look at this
    BAD = "bad"  # very probably unusable


@dataclass(frozen=True)
class Finding:
    """One check. `text` is the code of its words in `photo.texts`."""

    check: str
    verdict: FindingVerdict
    text: str
    value: float | None = None
    limit: float | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Thresholds:
    face_px: float  # least width of the face: 300 pixels over the card's portrait
    tilt: float  # degrees, either way
    dark: float  # mean of the face, 0-255
    bright: float
    side_light: float  # brighter half to darker half
    sharpness: float  # share of detail lost by another blur
    background: float  # spread of Lab colour around the head
    saturation: float  # below this the picture is grey


THRESHOLDS = (
    Dated(
        since=date(2026, 1, 1),
        value=Thresholds(
            face_px=136,
            tilt=8,
            dark=75,
            bright=212,
            side_light=1.7,
            sharpness=0.35,
            background=35,
            saturation=10,
        ),
        source="set on one public-domain face with synthetic damage (tests/evidence); "
        "to be set again on consented pictures, with how often advice was overruled",
    ),
)

CROP_FACES_WIDE = 2.2  # the crop's width in widths of the detected face: head about 65 % of it
CROP_FACE_AT = 0.46  # where the face's middle stands, from the top of the crop


def judged(seen: Measured, on: date) -> list[Finding]:
    """Every finding about the portrait, in the order people read them."""
    limits = in_force(THRESHOLDS, on).value
    findings = [_face(seen)]
    if len(seen.faces) == 1:
        findings += [*_geometry(seen, limits), *_light(seen, limits)]
    return [*findings, _least("colour", seen.saturation, limits.saturation, "grey")]


def crop_for(seen: Measured) -> Box:
    """The part of the (turned) picture that goes on the card, in the card's ratio.

    Around the face where there is one, else the middle; always inside the picture.
    """
    ratio = CARD_RATIO[0] / CARD_RATIO[1]
    most = min(float(seen.width), seen.height * ratio)
    width, x, y = most, seen.width / 2, seen.height * CROP_FACE_AT
    if seen.faces:
        width = min(most, seen.faces[0].width * CROP_FACES_WIDE)
        x, y = seen.faces[0].center
    height = width / ratio
    left = min(max(0.0, x - width / 2), seen.width - width)
    top = min(max(0.0, y - height * CROP_FACE_AT), seen.height - height)
    return Box(int(left), int(top), int(width), int(height))


def _face(seen: Measured) -> Finding:
    count = len(seen.faces)
    if count == 1:
        return Finding("face", FindingVerdict.OK, "face.one", 1)
    return Finding("face", FindingVerdict.BAD, "face.several" if count else "face.none", count, 1)


def _geometry(seen: Measured, limits: Thresholds) -> Iterator[Finding]:
    face = seen.faces[0]
    yield _least("size", face.width, limits.face_px, "small")
    yield _placement(seen, face)
    if seen.tilt is not None:
        yield _most("tilt", abs(seen.tilt), limits.tilt, "tilted")
    yield _least("eyes", seen.eyes or 0, 2, "hidden")


def _placement(seen: Measured, face: Box) -> Finding:
    """Is there room around the face for the card's portrait?"""
    room = min(face.center[0], seen.width - face.center[0]) / face.width
    return _least("placement", room, 0.9, "edge")


def _light(seen: Measured, limits: Thresholds) -> Iterator[Finding]:
    if seen.brightness is not None:
        dark = _least("brightness", seen.brightness, limits.dark, "dark")
        bright = _most("brightness", seen.brightness, limits.bright, "bright")
        yield bright if dark.verdict is FindingVerdict.OK else dark
    if seen.side_light is not None:
        yield _most("side_light", seen.side_light, limits.side_light, "uneven")
    if seen.sharpness is not None:
        yield _least("sharpness", seen.sharpness, limits.sharpness, "blurred")
    if seen.background is not None:
        yield _most("background", seen.background, limits.background, "busy")


def _least(check: str, value: float, limit: float, otherwise: str) -> Finding:
    return _finding(check, value, limit, "ok" if value >= limit else otherwise)


def _most(check: str, value: float, limit: float, otherwise: str) -> Finding:
    return _finding(check, value, limit, "ok" if value <= limit else otherwise)


def _finding(check: str, value: float, limit: float, said: str) -> Finding:
    verdict = FindingVerdict.OK if said == "ok" else FindingVerdict.LOOK
    return Finding(check, verdict, f"{check}.{said}", round(value, 2), limit)
