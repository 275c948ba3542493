"""The wall in front of every upload: a body larger than any of our forms is not read at all."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from hmskort.common.uploads.limits import LIMITS, MOST_BYTES

MOST_BODY_BYTES = len(LIMITS) * MOST_BYTES + 1024 * 1024  # every piece at once, and the fields


class UploadWall(FileUploadHandler):
    """Stands first in `FILE_UPLOAD_HANDLERS`; what passes is left to the handlers behind it."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        """Raises `RequestDataTooBig` (answered by 400) before the first byte is read."""
        if content_length > MOST_BODY_BYTES:
            raise RequestDataTooBig(f"a body of {content_length} bytes")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
