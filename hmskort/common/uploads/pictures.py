"""From bytes that a stranger sent to a plain JPEG. Runs in `decoder_process`, never in the portal.

Knows no Django: the process that imports this holds no key and no database.
"""

import io
import warnings

import pypdfium2
from PIL import Image, ImageCms

from hmskort.common.uploads.limits import MOST_PIXELS, FileType, Limits, Picture, Rejected

JPEG_QUALITY = 90
ORIENTATION = 0x0112  # EXIF: how the camera was held
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
FIRST_BYTES = {
    b"\xff\xd8\xff": FileType.JPEG,
    b"\x89PNG\r\n\x1a\n": FileType.PNG,
    b"%PDF-": FileType.PDF,
}
HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")
PDF_PASSWORD = 4  # FPDF_ERR_PASSWORD
Image.MAX_IMAGE_PIXELS = max(MOST_PIXELS.values())
warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # `_require_size` refuses it


def cleaned(data: bytes, limits: Limits) -> Picture:
    """The picture in `data`, upright, scaled down to what is stored, and stripped.

    Raises:
        Rejected: it is not a picture that `limits` accepts.
    """
    kind = file_type(data)
    if kind not in limits.types:
        raise Rejected("pdf_not_here" if kind is FileType.PDF else "wrong_type")
    try:
        image = _page_image(data, limits) if kind is FileType.PDF else _opened(data, kind, limits)
        return _encoded(_srgb(image))
    except Image.DecompressionBombError as error:  # far above the limit, seen in the header
        raise _too_many_pixels(kind) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise Rejected("damaged") from error


def file_type(data: bytes) -> FileType:
    """What the content says it is; its name and the browser's word are never asked."""
    for start, kind in FIRST_BYTES.items():
        if data.startswith(start):
            return kind
    if data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS:
        raise Rejected("heic")
    raise Rejected("wrong_type")


def _opened(data: bytes, kind: FileType, limits: Limits) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=[kind.upper()])
    _require_size(image, kind, limits)
    stored = _stored_size(image.size, limits.stored_long)
    if kind is FileType.JPEG:
        image.draft("RGB", stored)  # reads only as many pixels as are kept
    image.load()
    turn = TURNS.get(image.getexif().get(ORIENTATION, 1))
    plain = _eight_bit(image)
    plain.thumbnail(stored, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return plain if turn is None else plain.transpose(turn)


def _require_size(image: Image.Image, kind: FileType, limits: Limits) -> None:
    width, height = image.size
    if width * height > MOST_PIXELS[kind]:
        raise _too_many_pixels(kind)
    short, long = sorted(image.size)
    if short < limits.least_short or long < limits.least_long:
        raise Rejected(
            "too_few_pixels",
            width=width,
            height=height,
            least_width=limits.least_short,
            least_height=limits.least_long,
        )


def _too_many_pixels(kind: FileType) -> Rejected:
    return Rejected("too_many_pixels", millions=MOST_PIXELS.get(kind, 0) // 1_000_000)


def _stored_size(size: tuple[int, int], long: int) -> tuple[int, int]:
    scale = min(1.0, long / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _eight_bit(image: Image.Image) -> Image.Image:
    """Modes that cannot be scaled well (palette, bitmap, 16 bits) become ones that can."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in ("P", "PA", "1"):
        return image.convert("RGBA")
    return image


def _srgb(image: Image.Image) -> Image.Image:
    """RGB on white, moved from the colour space that the file names to sRGB."""
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.new("RGBA", layer.size, "white")
        image.alpha_composite(layer)
        return image.convert("RGB")
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK"):
        image = _from_profile(image, profile)
    return image.convert("RGB")


def _from_profile(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        moved = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError):  # a broken profile is no reason to refuse the picture
        return image
    return moved or image


def _page_image(data: bytes, limits: Limits) -> Image.Image:
    """The first pages of a PDF, below one another."""
    try:
        document = pypdfium2.PdfDocument(data)
        if limits.whole and len(document) > limits.pages:
            raise Rejected("too_many_pages", most=limits.pages)
        pages = [_rendered(document[at], limits) for at in range(min(len(document), limits.pages))]
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == PDF_PASSWORD
        raise Rejected("protected_pdf" if locked else "damaged") from error
    if not pages:
        raise Rejected("damaged")
    sheet = Image.new("RGB", (max(p.width for p in pages), sum(p.height for p in pages)), "white")
    top = 0
    for page in pages:
        sheet.paste(page, (0, top))
        top += page.height
    return sheet


def _rendered(page: pypdfium2.PdfPage, limits: Limits) -> Image.Image:
    width, height = page.get_size()
    if min(width, height) < 1:
        raise Rejected("damaged")
    scale = limits.page_long / max(width, height)
    image: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil()
    return image.convert("RGB")


def _encoded(image: Image.Image) -> Picture:
    image.info.clear()  # a JPEG comment would be written out again
    out = io.BytesIO()
    image.save(out, "JPEG", quality=JPEG_QUALITY)
    return Picture(out.getvalue(), *image.size)
