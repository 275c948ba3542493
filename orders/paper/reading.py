"""A scanned page is read: whose it is by its code, and its fields by the registration marks."""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from orders.paper.form import DICTIONARY
from orders.paper.layout import CODE, FIELDS, INSET_MM, MARKS, PAGE_MM, PIXELS_PER_MM, Box

Picture = Any  # numpy's array, blue green red
JPEG_QUALITY = 92
CODE_PIXELS_PER_MM = 12
CODE_MARGIN_MM = 3.0
EMPTY_BELOW = 5.0  # spread of grey in a field with nothing in it, noise smoothed away
FEWEST_MARKS = 3


def opened(jpeg: bytes) -> Picture:
    """The picture of a page."""
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)


def placed(page: Picture) -> Picture | None:
    """What takes millimetres of the form to pixels of the page; None without enough marks."""
    found = _marks(page)
    if len(found) < FEWEST_MARKS:
        return None
    on_form = [corner for number in found for corner in MARKS[number].corners]
    on_page = [corner for corners in found.values() for corner in corners]
    matrix, _ = cv2.findHomography(_points(on_form), _points(on_page), cv2.RANSAC, 6.0)
    return matrix


def whole(page: Picture) -> Picture:
    """The same for a page without marks: the picture is taken for the sheet from edge to edge."""
    height, width = page.shape[:2]
    form = Box(0, 0, *PAGE_MM).corners
    edges = [(0, 0), (width, 0), (width, height), (0, height)]
    return cv2.getPerspectiveTransform(_points(form), _points(edges))


def code_on(page: Picture, matrix: Picture | None) -> str:
    """What the code says; empty when it cannot be read."""
    views = [] if matrix is None else [_code_field(page, matrix)]
    grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    for view in [*views, grey, cv2.medianBlur(grey, 3)]:
        text, _, _ = cv2.QRCodeDetector().detectAndDecode(view)
        if text:
            return str(text)
    return ""


def fields_on(page: Picture, matrix: Picture) -> dict[str, bytes]:
    """What was glued or written in each field, as JPEG; an empty field is left out."""
    cut = {kind: _cut(page, matrix, _inner(box), PIXELS_PER_MM[kind])
           for kind, box in FIELDS.items()}  # fmt: skip
    return {kind: _encoded(picture) for kind, picture in cut.items() if not _is_empty(picture)}


def _points(places: Sequence[Any]) -> Picture:
    return np.array(places, np.float32)


def _marks(page: Picture) -> dict[int, Sequence[Sequence[float]]]:
    """The corners of each mark that was found, by its number."""
    detector = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(DICTIONARY))
    told: Any = detector.detectMarkers(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY))
    corners, numbers = told[0], told[1]
    if numbers is None:
        return {}
    pairs: Any = zip(numbers.flatten().tolist(), corners, strict=True)
    return {number: found[0].tolist() for number, found in pairs if number in MARKS}


def _code_field(page: Picture, matrix: Picture) -> Picture:
    margin = CODE_MARGIN_MM
    around = Box(CODE.left - margin, CODE.top - margin,
                 CODE.width + 2 * margin, CODE.height + 2 * margin)  # fmt: skip
    cut = _cut(page, matrix, around, CODE_PIXELS_PER_MM)
    return cv2.GaussianBlur(cv2.cvtColor(cut, cv2.COLOR_BGR2GRAY), (5, 5), 0)


def _inner(box: Box) -> Box:
    return Box(box.left + INSET_MM, box.top + INSET_MM,
               box.width - 2 * INSET_MM, box.height - 2 * INSET_MM)  # fmt: skip


def _cut(page: Picture, matrix: Picture, box: Box, per_mm: int) -> Picture:
    """That part of the form, upright, at so many pixels a millimetre."""
    size = (round(box.width * per_mm), round(box.height * per_mm))
    corners = cv2.perspectiveTransform(_points([box.corners]), matrix)[0]
    target = _points([(0, 0), (size[0], 0), size, (0, size[1])])
    turn = cv2.getPerspectiveTransform(corners, target)
    return cv2.warpPerspective(page, turn, size, flags=cv2.INTER_CUBIC,
                               borderMode=cv2.BORDER_REPLICATE)  # fmt: skip


def _is_empty(picture: Picture) -> bool:
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    smooth = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    return float(cv2.GaussianBlur(smooth, (5, 5), 0).std()) < EMPTY_BELOW


def _encoded(picture: Picture) -> bytes:
    _, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return bytes(jpeg.tobytes())
