"""Pictures made smaller or cleaner: thumbnails, and signatures drawn on the screen."""

from __future__ import annotations

import base64
import binascii
import io
from typing import BinaryIO

from PIL import Image, ImageOps

from yihu.kernel.errors import Refused
from yihu.kernel.sniffing import IMAGES, check_image

SMALL_SIDE = 400
PAPER_SIDE = 1600
_PREFIX = "data:image/png;base64,"
_LONGEST = 400_000
_WIDEST, _HIGHEST = 3000, 1500
_BAD_SIGNATURE = "没有读到签名，请重新签一次。"


def small_jpeg(file: BinaryIO, mime: str) -> bytes:
    """At most 400 pixels a side, upright, without what the camera wrote into it."""
    check_image(file, mime)
    with Image.open(file, formats=[IMAGES[mime]]) as picture:
        picture.draft("RGB", (2 * SMALL_SIDE, 2 * SMALL_SIDE))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((SMALL_SIDE, SMALL_SIDE))
        return _jpeg(_on_white(upright))


def for_paper(content: bytes, mime: str) -> tuple[bytes, str, int, int]:
    """A picture as a sheet holds it: upright, no finer than paper shows; gives bytes, media type, width and height."""
    file = io.BytesIO(content)
    check_image(file, mime)
    with Image.open(file, formats=[IMAGES[mime]]) as picture:
        picture.draft("RGB", (PAPER_SIDE, PAPER_SIDE))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((PAPER_SIDE, PAPER_SIDE))
        shown = _on_white(upright)
    if mime == "image/jpeg":
        return _jpeg(shown), "image/jpeg", *shown.size
    out = io.BytesIO()
    shown.save(out, "PNG")
    return out.getvalue(), "image/png", *shown.size


def signature_png(data_url: str) -> bytes:
    """A drawn signature, cropped to its strokes, as a PNG of our own making; Refused if there are none."""
    if not data_url.startswith(_PREFIX) or len(data_url) > _LONGEST:
        raise Refused(_BAD_SIGNATURE)
    try:
        content = base64.b64decode(data_url.removeprefix(_PREFIX), validate=True)
    except binascii.Error as error:
        raise Refused(_BAD_SIGNATURE) from error
    file = io.BytesIO(content)
    width, height = check_image(file, "image/png")
    if width > _WIDEST or height > _HIGHEST:
        raise Refused(_BAD_SIGNATURE)
    with Image.open(file, formats=["PNG"]) as picture:
        strokes = ImageOps.invert(_on_white(picture).convert("L"))
    drawn = strokes.point(lambda level: 255 if level > 40 else 0).getbbox()
    if drawn is None:
        raise Refused("签名是空白的，请签名后再提交。")
    out = io.BytesIO()
    ImageOps.invert(ImageOps.expand(strokes.crop(drawn), border=4)).save(out, "PNG", optimize=True)
    return out.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGB", "L"):
        return picture.convert("RGB")
    layers = picture.convert("RGBA")
    white = Image.new("RGB", layers.size, "white")
    white.paste(layers, mask=layers.getchannel("A"))
    return white


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80, optimize=True)
    return out.getvalue()
