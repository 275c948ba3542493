"""What can be measured in a portrait with OpenCV: quality, never who it is.

No vector or template of a face is made or kept. Imported by the worker alone
(`orders.evidence.listeners`): OpenCV takes 160 MB.
"""

from dataclasses import replace
from functools import cache
from math import atan2, degrees
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from orders.evidence.photo.rules import Box, Measured

Image = np.ndarray[Any, Any]  # BGR, 8 bits
CASCADES = Path(cv2.__file__).parent / "data"
WORKING_PX = 600  # the longest side when faces are looked for
LEAST_FACE = 0.1  # of the picture's shortest side
BESIDE = 0.5  # a face smaller than this share of the largest is a mistake, or on a poster
FACE_PX = 128  # side of the face when light and sharpness are measured
TURNS = {
    0: None,
    90: cv2.ROTATE_90_CLOCKWISE,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
    180: cv2.ROTATE_180,
}


def decoded(jpeg: bytes) -> Image:
    """The picture as OpenCV holds it.

    Raises:
        ValueError: it is no picture.
    """
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError("the stored file is no picture")
    return image


def encoded(image: Image) -> bytes:
    """The picture as JPEG."""
    _done, jpeg = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 92])
    return jpeg.tobytes()


def measured(image: Image) -> Measured:
    """Everything that `rules` judges. A picture that lies down is turned until a face appears.

    Raises:
        RuntimeError: OpenCV cannot cope with the picture.
    """
    cv2.setNumThreads(1)
    try:
        return _measured(image)
    except cv2.error as error:
        raise RuntimeError("OpenCV could not measure the picture") from error


def _measured(image: Image) -> Measured:
    first = _faces(image)
    if first:
        return _in_detail(image, 0, first)
    for turn in (90, 270, 180):
        upright = turned(image, turn)
        faces = _faces(upright)
        if faces and _eyes(_cut(upright, faces[0])):
            return _in_detail(upright, turn, faces)
    return _in_detail(image, 0, ())


def turned(image: Image, turn: int) -> Image:
    """The picture turned clockwise by that many degrees."""
    how = TURNS[turn]
    return image if how is None else cv2.rotate(image, how)


def cropped(image: Image, box: Box, width: int) -> Image:
    """The part in `box`, scaled to `width` when it is wider; never enlarged."""
    part = _cut(image, box)
    if box.width <= width:
        return part
    return cv2.resize(
        part, (width, round(box.height * width / box.width)), interpolation=cv2.INTER_AREA
    )


def _in_detail(image: Image, turn: int, faces: tuple[Box, ...]) -> Measured:
    height, width = image.shape[:2]
    small = _scaled(image, WORKING_PX)
    saturation = float(cv2.cvtColor(small, cv2.COLOR_BGR2HSV)[:, :, 1].mean())
    whole = Measured(width, height, turn, faces, saturation)
    return whole if len(faces) != 1 else _of_face(whole, image, faces[0])


def _of_face(whole: Measured, image: Image, face: Box) -> Measured:
    part = cv2.resize(_cut(image, face), (FACE_PX, FACE_PX), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY)
    eyes = _eyes(_cut(image, face))
    return replace(
        whole,
        eyes=len(eyes),
        tilt=_tilt(eyes),
        brightness=float(grey.mean()),
        side_light=_side_light(grey),
        sharpness=_sharpness(grey),
        background=_background(image, face),
    )


@cache
def _cascade(name: str) -> Any:
    return cv2.CascadeClassifier(f"{CASCADES}/haarcascade_{name}.xml")


def _faces(image: Image) -> tuple[Box, ...]:
    """Faces, largest first, in pixels of `image`."""
    grey = cv2.equalizeHist(cv2.cvtColor(_scaled(image, WORKING_PX), cv2.COLOR_BGR2GRAY))
    scale = max(image.shape[:2]) / max(grey.shape)
    least = round(LEAST_FACE * min(grey.shape))
    found = _cascade("frontalface_alt2").detectMultiScale(
        grey, scaleFactor=1.1, minNeighbors=4, minSize=(least, least)
    )
    boxes = [Box(*(int(side * scale) for side in rectangle)) for rectangle in found]
    widest = max((box.width for box in boxes), default=0)
    counted = [box for box in boxes if box.width >= BESIDE * widest]
    return tuple(sorted(counted, key=lambda box: -box.width))


def _eyes(face: Image) -> list[tuple[float, float]]:
    """Centres of the eyes in the upper part of the face, left first; two at most."""
    grey = cv2.cvtColor(_scaled(face, 300), cv2.COLOR_BGR2GRAY)
    upper = grey[: round(0.6 * grey.shape[0])]
    least = round(0.12 * grey.shape[1])
    found = _cascade("eye_tree_eyeglasses").detectMultiScale(
        upper, scaleFactor=1.05, minNeighbors=4, minSize=(least, least)
    )
    widest = sorted(found, key=lambda rectangle: -rectangle[2])[:2]
    return sorted((x + w / 2, y + h / 2) for x, y, w, h in widest)


def _tilt(eyes: list[tuple[float, float]]) -> float | None:
    if len(eyes) != 2:
        return None
    (left_x, left_y), (right_x, right_y) = eyes
    return degrees(atan2(right_y - left_y, right_x - left_x))


def _side_light(grey: Image) -> float:
    middle = grey.shape[1] // 2
    halves = sorted((float(grey[:, :middle].mean()), float(grey[:, middle:].mean())))
    return halves[1] / max(halves[0], 1.0)


def _sharpness(grey: Image) -> float:
    """How much of the fine detail one more blur takes away: a blurred picture has little to lose.

    Unlike the variance of the Laplacian it does not move with light or contrast.
    Source: Crete et al., The Blur Effect, 2007.
    """
    values = grey.astype(np.float32)
    losses = []
    for size in ((1, 9), (9, 1)):
        blurred = cv2.blur(values, size)
        axis = 0 if size[1] > 1 else 1
        before, after = np.abs(np.diff(values, axis=axis)), np.abs(np.diff(blurred, axis=axis))
        lost = np.maximum(0, before - after).sum()
        losses.append(float(lost / max(float(before.sum()), 1.0)))
    return min(losses)


def _background(image: Image, face: Box) -> float:
    """Spread of colour (Lab) above the shoulders and outside the head. A hint, no more."""
    scale = WORKING_PX / max(image.shape[:2])
    lab = cv2.cvtColor(_scaled(image, WORKING_PX), cv2.COLOR_BGR2LAB).astype(np.float32)
    left, top, side = (round(value * scale) for value in (face.left, face.top, face.width))
    region = np.zeros(lab.shape[:2], bool)
    region[: top + side, :] = True
    region[max(0, top - side // 2) :, max(0, left - side // 3) : left + side + side // 3] = False
    outside = lab[region]
    return float(np.linalg.norm(outside.std(axis=0))) if len(outside) else 0.0


def _cut(image: Image, box: Box) -> Image:
    return image[max(0, box.top) : box.top + box.height, max(0, box.left) : box.left + box.width]


def _scaled(image: Image, longest: int) -> Image:
    scale = longest / max(image.shape[:2])
    if scale >= 1:
        return image
    size = round(image.shape[1] * scale), round(image.shape[0] * scale)
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)
