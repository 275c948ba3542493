"""Where everything stands on the paper form (KB4), in millimetres from the top left of an A4 page.

The form is drawn from these numbers (`form`) and cut by them (`reading`).
"""

from dataclasses import dataclass

PAGE_MM = (210.0, 297.0)
MARK_MM = 12.0  # side of a registration mark


@dataclass(frozen=True)
class Box:
    """A rectangle on the page."""

    left: float
    top: float
    width: float
    height: float

    @property
    def corners(self) -> list[tuple[float, float]]:
        """From the top left, clockwise."""
        right, bottom = self.left + self.width, self.top + self.height
        return [(self.left, self.top), (right, self.top), (right, bottom), (self.left, bottom)]


# By the marks' own numbers: each says which corner it is, so a page may lie any way.
MARKS = {
    0: Box(10, 10, MARK_MM, MARK_MM),
    1: Box(188, 10, MARK_MM, MARK_MM),
    2: Box(188, 275, MARK_MM, MARK_MM),
    3: Box(10, 275, MARK_MM, MARK_MM),
}
CODE = Box(154, 26, 32, 32)
FIELDS = {  # by the kind of piece
    "portrait": Box(20, 100, 40, 50),
    "signature": Box(84, 100, 106, 26),
    "id_copy": Box(20, 168, 170, 100),
}
INSET_MM = 0.8  # the frame of a field is not cut along
PIXELS_PER_MM = {"portrait": 16, "signature": 10, "id_copy": 12}
