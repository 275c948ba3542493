"""HTML to PDF, with the portal's own fonts and nothing from the network.

WeasyPrint is loaded when the first document is made: it takes a second, and its C libraries can end
the process. So it is for workers; a page asks `hmskort.common.rendering`.
"""

import atexit
import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from PIL import ImageFile

FONTS = "font:"
FONT_FOLDER = Path(__file__).parents[2] / "static" / "vendor" / "inter"


def pdf(html: str, *, styles: Path) -> bytes:
    """The document as PDF. html: complete; styles: a CSS file.

    Pictures are `data:` addresses; fonts are `font:<file>` of the vendored Inter. Any other
    address is refused.
    """
    return _written(laid_out(html, styles=styles))


def laid_out(html: str, *, styles: Path) -> Any:
    """The document with its pages, for `joined`.

    Raises:
        ValueError: it asks for a picture or font that it cannot have.
    """
    weasyprint = _weasyprint()
    css, fonts = _styles(styles)
    document = weasyprint.HTML(string=html, url_fetcher=_fetcher(), base_url="about:blank")
    try:
        return document.render(stylesheets=[css], font_config=fonts)
    except weasyprint.urls.FatalURLFetchingError as fault:  # a BaseException: it would end a worker
        raise ValueError(str(fault)[:200]) from None


def joined(documents: Sequence[Any]) -> bytes:
    """The pages of all documents as one PDF, in order."""
    first = documents[0]
    return _written(first.copy([page for document in documents for page in document.pages]))


def _written(document: Any) -> bytes:
    target = io.BytesIO()
    document.write_pdf(target)
    return target.getvalue()


@cache
def _styles(path: Path) -> tuple[Any, Any]:
    """The style sheet and its fonts: unpacking the fonts takes longer than most documents."""
    weasyprint = _weasyprint()
    atexit.register(_styles.cache_clear)  # the fonts' folder is removed while Python still can
    fonts = weasyprint.text.fonts.FontConfiguration()
    css = weasyprint.CSS(filename=str(path), url_fetcher=_fetcher(), font_config=fonts)
    return css, fonts


def _weasyprint() -> Any:
    """The library. It lets the whole process take cut-off pictures for whole; we do not."""
    import weasyprint  # noqa: PLC0415 - see above
    import weasyprint.text.fonts  # noqa: PLC0415
    import weasyprint.urls  # noqa: PLC0415

    ImageFile.LOAD_TRUNCATED_IMAGES = False

    return weasyprint


@cache
def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415 - see above

    class OursOnly(URLFetcher):
        """Reads `data:` addresses and our own fonts; a missing one stops the document."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url.startswith(FONTS):
                name = Path(url.removeprefix(FONTS)).name
                body = (FONT_FOLDER / name).read_bytes()
                return URLFetcherResponse(url, body, {"Content-Type": "font/woff2"})
            return super().fetch(url, headers)

    return OursOnly(allowed_protocols=("data",), fail_on_errors=True)
