"""The last line of defence: no identity number leaves through the log."""

import logging

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

from hmskort.common.masking import masked


class NoIdentityNumbers(logging.Filter):
    """Masks eleven-digit numbers in message and arguments; every record passes."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, dict):  # structlog's event dictionary
            record.msg = {key: _masked_value(value) for key, value in record.msg.items()}
        else:
            record.msg = masked(record.getMessage())
            record.args = ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = masked(record.exc_text)
        return True


def _masked_value(value: object) -> object:
    return masked(value) if isinstance(value, str) else value


class RequestLog(RequestMiddleware):
    """Each request with its status, without the query: there stand codes, states and searches.

    Whoever types an identity number into an address finds nothing, and leaves no number behind.
    """

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return masked(f"{request.method} {request.path}")
