"""Pictures without what the camera and the program wrote beside them; not one point of the picture changes."""

import io
import struct

from PIL import Image, ImageOps

from gongkai.lib.errors import BadInput

MOST_POINTS = 100_000_000
DAMAGED = "图片损坏了，打不开。请用看图软件另存一次再传。"
HUGE = "图片太大（超过一亿个像素点）。请缩小再传。"
ORIENTATION = 0x0112

SEEN_CHUNKS = {
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"hIST", b"pHYs", b"sPLT",
    b"acTL", b"fcTL", b"fdAT",
}  # fmt: skip
"""Parts of a PNG that have to do with what is seen."""
START_OF_SCAN, END_OF_IMAGE, COMMENT, ADOBE, PROFILE = 0xDA, 0xD9, 0xFE, 0xEE, 0xE2


def strip_png(data: bytes) -> bytes:
    """A PNG without texts, moments and camera data (去除图片属性). Raises: BadInput."""
    _check(data)
    kept = [data[:8]]
    place = 8
    while place + 12 <= len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        end = place + 12 + length
        if data[place + 4 : place + 8] in SEEN_CHUNKS:
            kept.append(data[place:end])
        if data[place + 4 : place + 8] == b"IEND":
            break
        place = end
    return b"".join(kept)


def strip_jpeg(data: bytes) -> bytes:
    """A JPEG without camera data, places, comments (去除图片属性). One that lies on its side is turned, for which it is written anew.

    Raises: BadInput.
    """
    if not is_upright(data):
        return _turn(data)
    kept = [data[:2]]
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF and data[place + 1] != START_OF_SCAN:
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        (length,) = struct.unpack(">H", data[place + 2 : place + 4])
        segment = data[place : place + 2 + length]
        if not _is_beside_the_picture(marker, segment):
            kept.append(segment)
        place += 2 + length
    end = data.rfind(b"\xff\xd9")
    kept.append(data[place : end + 2 if end > place else len(data)])
    return b"".join(kept)


def is_upright(data: bytes) -> bool:
    """Whether the picture is stored as it is seen (方向). Raises: BadInput."""
    return _check(data) == 1


def list_points(data: bytes) -> tuple[tuple[int, int], bytes]:
    """Size and points of a picture as it is seen, to compare. Raises: BadInput."""
    _check(data)
    with Image.open(io.BytesIO(data)) as picture:
        return picture.size, picture.tobytes()


def _is_beside_the_picture(marker: int, segment: bytes) -> bool:
    if marker == COMMENT:
        return True
    is_application = 0xE1 <= marker <= 0xEF
    is_needed = marker == ADOBE or (marker == PROFILE and segment[4:16].startswith(b"ICC_PROFILE"))
    return is_application and not is_needed


def _check(data: bytes) -> int:
    """Open it wholly and give how it is turned, 1 for upright."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > MOST_POINTS:
                raise BadInput(HUGE, field="file")
            picture.load()
            return int(picture.getexif().get(ORIENTATION, 1) or 1)
    except Image.DecompressionBombError as error:
        raise BadInput(HUGE, field="file") from error
    except (OSError, ValueError, SyntaxError, struct.error, TypeError) as error:
        raise BadInput(DAMAGED, field="file") from error


def _turn(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(data)) as picture:
        turned = ImageOps.exif_transpose(picture)
        turned.save(buffer, "JPEG", quality=95, icc_profile=picture.info.get("icc_profile"), exif=b"")
    return buffer.getvalue()
