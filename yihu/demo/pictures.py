"""Signatures and photographs of the demo, drawn by the program: the same number draws the same picture."""

from __future__ import annotations

import base64
from functools import cache
from io import BytesIO
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFilter


@cache
def signature(hand: int) -> str:
    """What the signature pad would send: a few joined strokes."""
    random = Random(f"hand {hand}")
    image = Image.new("L", (360, 140), 255)
    pen = ImageDraw.Draw(image)
    left = 24.0
    for _ in range(random.choice((2, 3, 3))):
        width = random.uniform(70, 100)
        for _ in range(random.randint(2, 4)):
            corners = [(left + random.uniform(0, width), random.uniform(20, 120)) for _ in range(4)]
            pen.line(_curve(corners), fill=20, width=random.choice((3, 4, 4, 5)), joint="curve")
        left += width + random.uniform(2, 14)
    return "data:image/png;base64," + base64.b64encode(_saved(image, "PNG")).decode()


def photo(scene: int) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"现场{scene + 1}.jpg", _photo(scene), content_type="image/jpeg")


def page(number: int, name: str) -> SimpleUploadedFile:
    """A sheet as a scanner sees it: grey lines, a red seal; nobody's words."""
    return SimpleUploadedFile(f"{name}.jpg", _page(number), content_type="image/jpeg")


@cache
def _page(number: int) -> bytes:
    random = Random(f"page {number}")
    image = Image.new("RGB", (620, 877), (252, 251, 247))
    pen = ImageDraw.Draw(image)
    pen.rectangle([190, 70, 430, 92], fill=(60, 60, 64))
    for line in range(150, 640, 30):
        pen.rectangle([70, line, 550 - random.randint(0, 220), line + 9], fill=(150, 150, 152))
    x, y = random.randint(380, 430), random.randint(690, 720)
    pen.ellipse([x, y, x + 110, y + 110], outline=(196, 60, 52), width=5)
    pen.rectangle([x + 30, y + 51, x + 80, y + 59], fill=(196, 60, 52))
    return _saved(image.filter(ImageFilter.GaussianBlur(0.6)), "JPEG")


@cache
def _photo(scene: int) -> bytes:
    """A tiled wall, a pipe, a stain: nobody's home."""
    random = Random(f"scene {scene}")
    wall = tuple(random.randint(175, 225) for _ in range(3))
    image = Image.new("RGB", (640, 480), wall)
    pen = ImageDraw.Draw(image)
    tile = random.choice((64, 80, 96))
    joint = tuple(max(0, shade - 30) for shade in wall)
    for x in range(0, 640, tile):
        pen.line([(x, 0), (x, 480)], fill=joint, width=2)
    for y in range(0, 480, tile):
        pen.line([(0, y), (640, y)], fill=joint, width=2)
    across = random.randint(120, 360)
    for offset in range(-9, 10):
        shade = 150 - 9 * abs(offset)
        pen.line([(0, across + offset), (640, across + offset + 20)], fill=(shade, shade, shade + 12))
    spot = random.randint(160, 480)
    pen.rectangle([spot - 22, across - 20, spot + 22, across + 34], fill=(96, 100, 108))
    stain = Image.new("L", image.size, 0)
    blot = ImageDraw.Draw(stain)
    for _ in range(14):
        x, y, r = spot + random.gauss(0, 45), across + 70 + random.gauss(0, 50), random.uniform(14, 46)
        blot.ellipse([x - r, y - r, x + r, y + r * 1.3], fill=130)
    image.paste((112, 96, 74), mask=stain.filter(ImageFilter.GaussianBlur(14)))
    return _saved(image.filter(ImageFilter.GaussianBlur(0.8)), "JPEG")


def _curve(corners: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """A cubic Bézier curve through thirty points."""
    points = []
    for step in range(31):
        t = step / 30
        shares = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        points.append(
            (
                sum(s * x for s, (x, _) in zip(shares, corners, strict=True)),
                sum(s * y for s, (_, y) in zip(shares, corners, strict=True)),
            )
        )
    return points


def _saved(image: Image.Image, kind: str) -> bytes:
    kept = BytesIO()
    image.save(kept, kind)
    return kept.getvalue()
