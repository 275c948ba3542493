"""How a private picture leaves the portal: whoever calls this has asked whether they may."""

from django.http import HttpResponse

ENDINGS = {"jpeg": "jpg", "png": "png"}


def picture_response(picture: bytes, name: str, kind: str = "jpeg") -> HttpResponse:
    """A private picture as it is answered: shown inline, kept by no cache, never taken for more.

    name: of the file, without its ending.
    """
    return HttpResponse(
        picture,
        content_type=f"image/{kind}",
        headers={
            "Cache-Control": "private, no-store",
            "Content-Disposition": f'inline; filename="{name}.{ENDINGS[kind]}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )
