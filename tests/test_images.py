"""Whatever a file holds, `read` gives what one sees in it; whatever is wrong with it is one message with its path."""

import errno
import io
import os
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from vretlib import images
from vretlib.errors import UserError

ROTATIONS = {  # EXIF orientation -> what makes of the stored array the one to be seen (EXIF 2.3, table 6)
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.transpose(1, 0, 2),
    6: lambda a: np.rot90(a, -1),
    7: lambda a: a[::-1, ::-1].transpose(1, 0, 2),
    8: lambda a: np.rot90(a),
}


@pytest.fixture
def pixels():
    return np.random.default_rng(0).integers(0, 256, (5, 7, 3), np.uint8)


def _saved(folder, image, name="a.png", **options):
    image.save(folder / name, **options)
    return folder / name


def test_colour_is_read_as_it_was_written(tmp_path, pixels):
    read = images.read(_saved(tmp_path, Image.fromarray(pixels)))
    assert read.dtype == np.uint8
    assert read.flags.c_contiguous
    assert read.flags.writeable
    np.testing.assert_array_equal(read, pixels)


@pytest.mark.parametrize("orientation", ROTATIONS)
def test_an_image_is_turned_as_its_exif_says(tmp_path, pixels, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = _saved(tmp_path, Image.fromarray(pixels), exif=exif)
    seen = ROTATIONS[orientation](pixels)
    np.testing.assert_array_equal(images.read(path), seen)
    assert images.size(path) == (seen.shape[1], seen.shape[0])


def test_a_turned_jpeg_has_the_size_it_is_read_with(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    path = _saved(tmp_path, Image.new("RGB", (40, 24), "red"), "a.jpg", exif=exif)
    assert images.size(path) == (24, 40)
    assert images.full_box(path) == (0, 0, 23, 39)
    assert images.read(path).shape == (40, 24, 3)


def test_grey_is_repeated(tmp_path, pixels):
    read = images.read(_saved(tmp_path, Image.fromarray(pixels[:, :, 0])))
    np.testing.assert_array_equal(read, np.dstack([pixels[:, :, 0]] * 3))


def test_black_and_white_is_0_and_255(tmp_path):
    read = images.read(_saved(tmp_path, Image.fromarray(np.array([[True, False]]))))
    assert read[0].tolist() == [[255] * 3, [0] * 3]


def test_a_palette_is_looked_up(tmp_path):
    image = Image.fromarray(np.array([[0, 1, 1]], np.uint8), "L").convert("P")
    image.putpalette([10, 20, 30, 200, 100, 50])
    assert images.read(_saved(tmp_path, image))[0].tolist() == [[10, 20, 30], [200, 100, 50], [200, 100, 50]]


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.pgm"])
def test_16_bits_of_grey_are_scaled_and_not_clipped(tmp_path, name):
    levels = np.array([[0, 128, 129, 255, 256, 257, 32767, 32768, 65407, 65535]], np.uint16)
    if name.endswith("pgm"):
        (tmp_path / name).write_bytes(b"P5 10 1 65535\n" + levels.astype(">u2").tobytes())
    else:
        Image.fromarray(levels).save(tmp_path / name)
    expected = np.round(levels / 257).astype(int)[0].tolist()  # 65535 / 255 = 257
    assert expected == [0, 0, 1, 1, 1, 1, 127, 128, 255, 255]
    assert [pixel.tolist() for pixel in images.read(tmp_path / name)[0]] == [[level] * 3 for level in expected]


def test_a_16_bit_level_that_is_transparent_is_white(tmp_path):
    levels = np.array([[0, 300, 65535]], np.uint16)
    path = _saved(tmp_path, Image.fromarray(levels), transparency=300)
    assert images.read(path)[0, :, 0].tolist() == [0, 255, 255]


def test_jpeg_2000_with_16_bits_of_colour_is_refused_and_with_8_read(tmp_path, pixels):
    big = np.repeat(np.repeat(pixels, 8, 0), 8, 1)
    cv2.imwrite(str(tmp_path / "a.jp2"), big.astype(np.uint16) * 257)
    with pytest.raises(UserError, match=r"a\.jp2: is JPEG 2000 with more than 8 bits a colour"):
        images.read(tmp_path / "a.jp2")
    np.testing.assert_array_equal(images.read(_saved(tmp_path, Image.fromarray(big), "b.jp2")), big)


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width, height, depth, colour, rows):
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def test_16_bits_of_colour_are_scaled_and_not_clipped(tmp_path):
    levels = np.array([[[0, 257, 65535], [32768, 10000, 50000]]], ">u2")
    (tmp_path / "a.png").write_bytes(_png(2, 1, 16, 2, b"\0" + levels.tobytes()))
    assert np.abs(images.read(tmp_path / "a.png") - levels.astype(float) / 257).max() <= 1  # Pillow: the high byte


def test_cmyk_becomes_rgb(tmp_path):
    ink = np.zeros((16, 16, 4), np.uint8)
    ink[:, :, 0] = 255  # cyan only
    for name in ("a.jpg", "a.tif"):
        read = images.read(_saved(tmp_path, Image.fromarray(ink, "CMYK"), name))
        assert np.abs(read.astype(int) - [0, 255, 255]).max() <= 4


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
def test_what_is_transparent_is_white_and_half_is_half(tmp_path, mode):
    if mode == "RGBA":
        image = Image.fromarray(np.array([[[0, 0, 0, 0], [0, 0, 0, 128], [0, 0, 0, 255]]], np.uint8))
    elif mode == "LA":
        image = Image.fromarray(np.array([[[0, 0], [0, 128], [0, 255]]], np.uint8), "LA")
    else:
        image = Image.new("P", (3, 1))
        image.putpalette([0, 0, 0])
        image.info["transparency"] = bytes([0])
        assert images.read(_saved(tmp_path, image)).tolist() == [[[255] * 3] * 3]
        return
    read = images.read(_saved(tmp_path, image))[0, :, 0].tolist()
    assert read[0] == 255
    assert read[1] == pytest.approx(127, abs=1)
    assert read[2] == 0


def test_the_first_frame_of_an_animation_is_taken(tmp_path):
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    path = _saved(tmp_path, frames[0], "a.gif", save_all=True, append_images=frames[1:])
    assert images.read(path)[0, 0].tolist() == [255, 0, 0]


def test_one_pixel_is_an_image(tmp_path):
    path = _saved(tmp_path, Image.new("RGB", (1, 1), (9, 8, 7)))
    read = images.read(path)
    assert read.tolist() == [[[9, 8, 7]]]
    assert images.size(path) == (1, 1)
    assert images.crop(read, (0, 0, 0, 0)).shape == (1, 1, 3)
    assert images.resize(read, 10).shape == (1, 1, 3)
    assert images.resize(read, 10, upscale=True).shape == (10, 10, 3)


def _jpeg():
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(1).integers(0, 256, (64, 80, 3), np.uint8)).save(file, "JPEG")
    return file.getvalue()


BAD = {
    "empty.jpg": (b"", "is empty (0 bytes); copy or download the image again"),
    "text.jpg": (b"<!DOCTYPE HTML><html><title>302 Found</title>", "is not an image; expected JPEG, PNG"),
    "half.jpg": (_jpeg()[: len(_jpeg()) // 2], "is cut short or damaged"),
    "tenth.jpg": (_jpeg()[:60], "copy or download"),
    "half.png": (_png(3, 2, 8, 0, b"\0abc\0def")[:-25], "is cut short or damaged"),
    "float.tif": (None, "has 32 bits a pixel"),
    "bomb.png": (_png(60_000, 60_000, 8, 0, b"\0"), "claims more than 178,956,970 pixels; make a smaller copy"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_named_with_what_to_do(tmp_path, name):
    data, says = BAD[name]
    if data is None:
        Image.fromarray(np.ones((2, 2), np.float32)).save(tmp_path / name)
    else:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(UserError) as error:
        images.read(tmp_path / name)
    assert str(error.value).startswith(f"{tmp_path / name}: ")
    assert says in str(error.value)


@pytest.mark.parametrize("name", ["half.jpg", "half.png", "text.jpg", "empty.jpg", "bomb.png"])
def test_check_finds_what_read_would(tmp_path, name):
    (tmp_path / name).write_bytes(BAD[name][0])
    with pytest.raises(UserError):
        images.check(tmp_path / name)


def test_check_passes_what_read_does(tmp_path):
    (tmp_path / "a.jpg").write_bytes(_jpeg())
    images.check(tmp_path / "a.jpg")
    images.check(_saved(tmp_path, Image.new("RGB", (1, 1))))


@pytest.mark.parametrize("limit", [None, 10])
def test_a_bomb_is_refused_whatever_pillows_own_limit_was_set_to(tmp_path, monkeypatch, limit):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
    (tmp_path / "bomb.png").write_bytes(BAD["bomb.png"][0])
    with pytest.raises(UserError, match="claims more than"):
        images.read(tmp_path / "bomb.png")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "TIFF", "WEBP", "BMP", "PPM"])
def test_a_file_cut_anywhere_is_the_readers_error_or_whole(tmp_path, kind):
    file = io.BytesIO()
    image = Image.fromarray(np.random.default_rng(2).integers(0, 256, (24, 32, 3), np.uint8))
    exif = Image.Exif()
    exif[0x0112] = 3
    image.save(file, kind, **({"exif": exif} if kind in ("JPEG", "PNG", "WEBP") else {}))
    data = file.getvalue()
    failed = 0
    for end in [*range(0, min(len(data), 300), 7), *range(300, len(data), len(data) // 40 + 1)]:
        (tmp_path / "cut").write_bytes(data[:end])
        try:
            assert images.read(tmp_path / "cut").shape == (24, 32, 3)
        except UserError:
            failed += 1
    assert failed >= 35


def test_an_image_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UserError, match=r"nowhere\.jpg: no such image"):
        images.read(tmp_path / "nowhere.jpg")
    with pytest.raises(UserError, match=f"{tmp_path}: is a folder; expected an image"):
        images.read(tmp_path)


def test_find_goes_into_sub_folders_in_the_order_of_paths_and_leaves_the_rest_alone(tmp_path):
    for name in ("b.JPG", "a/z.png", "a.b/y.jpeg", "a/x.txt", ".hidden.jpg", ".git/w.jpg", "c/d/v.webp"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    found = [path.relative_to(tmp_path).as_posix() for path in images.find(tmp_path)]
    assert found == ["a/z.png", "a.b/y.jpeg", "b.JPG", "c/d/v.webp"]
    assert images.find(tmp_path / "nowhere") == ()


LIVELY = np.kron(np.random.default_rng(4).integers(0, 256, (6, 8, 3)), np.ones((8, 8, 1), np.int64)).astype(np.uint8)
LOSSLESS = {"WEBP": {"lossless": True}, "TIFF": {"compression": "tiff_lzw"}, "PNG": {}}
LOSSY = {"JPEG": {"quality": 98, "subsampling": 0}, "AVIF": {"quality": 98, "subsampling": "4:4:4"}}


@pytest.mark.parametrize("orientation", ROTATIONS)
@pytest.mark.parametrize("kind", [*LOSSLESS, *LOSSY])
def test_every_format_is_turned_once_and_its_size_with_it(tmp_path, kind, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"a.{kind.lower()}"
    Image.fromarray(LIVELY).save(path, kind, exif=exif, **(LOSSLESS | LOSSY)[kind])
    seen = ROTATIONS[orientation](LIVELY).astype(int)
    read = images.read(path)
    assert read.shape == seen.shape
    assert np.abs(read - seen).mean() <= (0 if kind in LOSSLESS else 6)
    assert images.size(path) == (seen.shape[1], seen.shape[0])
    assert images.grey(path).shape == seen.shape[:2]
    images.check(path)


def test_an_avif_with_a_damaged_header_is_one_clear_error(tmp_path):
    data = _encoded("AVIF")
    (tmp_path / "a.avif").write_bytes(data.replace(b"pitm", b"xxxx", 1))
    for look in (images.read, images.grey, images.size, images.check):
        with pytest.raises(UserError, match=r"a\.avif: is cut short or damaged"):
            look(tmp_path / "a.avif")


def _encoded(kind="JPEG", **options):
    file = io.BytesIO()
    Image.fromarray(LIVELY).save(file, kind, **options)
    return file.getvalue()


FILM = b"\0\0\0\x18ftypmp42" + np.random.default_rng(5).integers(0, 256, 3000, np.uint8).tobytes()


@pytest.mark.parametrize("behind", [FILM, bytes(5000), b"\n", _encoded(), b"MotionPhoto_Data" + FILM, b"\xff" * 9])
@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_blocks": 4}, {"comment": b"\xff\xd9"}])
def test_a_whole_jpeg_is_whole_whatever_stands_after_it(tmp_path, behind, options):
    (tmp_path / "a.jpg").write_bytes(_encoded(**options) + behind)
    images.check(tmp_path / "a.jpg")
    assert np.abs(images.read(tmp_path / "a.jpg").astype(int) - LIVELY).mean() < 30


@pytest.mark.parametrize("behind", [b"", bytes(5000), b"\xff" * 50, b"\xff\xd8\xff\x01\xff\xd9"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_cut_short_is_refused_whatever_fills_the_rest(tmp_path, share, behind, progressive):
    data = _encoded(quality=95, progressive=progressive)
    (tmp_path / "a.jpg").write_bytes(data[: int(share * len(data))] + behind)
    for look in (images.read, images.check, images.grey):
        with pytest.raises(UserError, match=r"a\.jpg: is cut short or damaged"):
            look(tmp_path / "a.jpg")


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_an_end_mark_behind_half_a_jpeg_does_not_make_it_whole(tmp_path, share, mode):
    file = io.BytesIO()
    Image.fromarray(LIVELY).convert(mode).save(file, "JPEG", quality=95)
    data = file.getvalue()
    (tmp_path / "a.jpg").write_bytes(data[: int(share * len(data))] + b"\xff\xd9")
    for look in (images.read, images.check, images.grey):
        with pytest.raises(UserError, match=r"a\.jpg: is cut short or damaged"):
            look(tmp_path / "a.jpg")


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_whole_jpeg_that_is_grey_is_whole(tmp_path, mode, progressive):
    grey = Image.new(mode, (50, 30), (127,) * 4 if mode == "CMYK" else "#808080")
    grey.save(tmp_path / "a.jpg", progressive=progressive)
    for look in (images.read, images.check, images.grey):
        look(tmp_path / "a.jpg")


def test_of_a_file_with_two_photographs_the_first_is_read(tmp_path):
    first, second = Image.fromarray(LIVELY), Image.new("RGB", (64, 48))
    first.save(tmp_path / "a.jpg", "MPO", save_all=True, append_images=[second], quality=95)
    assert np.abs(images.read(tmp_path / "a.jpg").astype(int) - LIVELY).mean() < 30
    images.check(tmp_path / "a.jpg")


def test_brightness_is_a_jpegs_own(tmp_path):
    (tmp_path / "a.jpg").write_bytes(_encoded())
    with Image.open(tmp_path / "a.jpg") as image:
        image.draft("YCbCr", None)
        own = np.asarray(image.convert("YCbCr"))[:, :, 0]
    np.testing.assert_array_equal(images.grey(tmp_path / "a.jpg"), own)
    half = np.full((2, 2, 4), (0, 0, 0, 128), np.uint8)  # black, half transparent, on white
    assert images.grey(_saved(tmp_path, Image.fromarray(half))) == pytest.approx(127, abs=1)


def test_postscript_called_a_photograph_is_given_to_no_other_program(tmp_path, monkeypatch):
    monkeypatch.setattr("subprocess.check_call", lambda *_, **__: pytest.fail("a program was started"))
    monkeypatch.setattr("PIL.EpsImagePlugin.Ghostscript", lambda *_, **__: pytest.fail("Ghostscript was started"))
    (tmp_path / "photo.jpg").write_bytes(
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n"
    )
    with pytest.raises(UserError, match=r"photo\.jpg: is not an image; expected JPEG.*, found PostScript"):
        images.read(tmp_path / "photo.jpg")


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0", "is HEIC, which is read where Pillow can: install pillow-heif"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "found a film"),
        (b"%PDF-1.7", "found a PDF"),
        (b"\n<!DOCTYPE html>", "found a web page"),
    ],
)
@pytest.mark.skipif(images._HEIF, reason="pillow-heif is installed")
def test_another_kind_of_file_is_called_by_its_name(tmp_path, head, says):
    (tmp_path / "photo.jpg").write_bytes(head + bytes(80))
    with pytest.raises(UserError) as error:
        images.check(tmp_path / "photo.jpg")
    assert says in str(error.value)


def test_pipes_devices_and_links_in_a_circle_are_never_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "loop.jpg").symlink_to(tmp_path / "loop.jpg")
    for name, says in {"pipe.jpg": "a named pipe", "/dev/zero": "a device", "loop.jpg": "leads back to itself"}.items():
        for look in (images.read, images.size, images.check, images.grey):
            with pytest.raises(UserError, match=says):
                look(tmp_path / name)


def test_what_is_written_is_read_back(tmp_path):
    images.write(tmp_path / "a.png", LIVELY)
    np.testing.assert_array_equal(images.read(tmp_path / "a.png"), LIVELY)
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_an_image_that_cannot_be_written_is_an_error_and_leaves_nothing(tmp_path, monkeypatch):
    (tmp_path / "a.png").write_bytes(b"the one before")

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(UserError, match=r"a\.png: cannot be written \(No space left on device\)"):
        images.write(tmp_path / "a.png", LIVELY)
    assert (tmp_path / "a.png").read_bytes() == b"the one before"
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
    with pytest.raises(UserError, match="could not be encoded"):
        images.write(tmp_path / "a.nothing", LIVELY)


CASES = Path(__file__).parents[2].parent / "shared/real/cases/photographs"


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not here")
def test_the_cases_of_cameras_and_tools_are_read_upright():
    for name in ("motion.jpg", "exif6.tif"):
        images.check(CASES / name)
        assert images.read(CASES / name).shape == (288, 384, 3)
        assert images.size(CASES / name) == (384, 288)


def test_the_longer_side_gets_the_length_asked_for():
    image = np.zeros((300, 400, 3), np.uint8)
    assert images.resize(image, 100).shape == (75, 100, 3)
    assert images.resize(image.transpose(1, 0, 2), 100).shape == (100, 75, 3)
    assert images.resize(np.zeros((1, 400, 3), np.uint8), 100).shape == (1, 100, 3)


def test_a_smaller_image_is_enlarged_only_when_asked():
    image = np.random.default_rng(3).integers(0, 256, (30, 40, 3), np.uint8)
    assert images.resize(image, 80) is image
    assert images.resize(image, 40) is image
    assert images.resize(image, 80, upscale=True).shape == (60, 80, 3)
    with pytest.raises(UserError, match="longest=0; expected the longer side in pixels"):
        images.resize(image, 0)


def test_reducing_averages_and_does_not_sample():
    stripes = np.zeros((64, 64, 3), np.uint8)
    stripes[:, ::2] = 255  # every second column: sampling would give black or white
    reduced = images.resize(stripes, 16)
    assert np.abs(reduced[:, 2:-2].astype(int) - 127).max() <= 2


def test_a_crop_includes_both_corners():
    image = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
    np.testing.assert_array_equal(images.crop(image, (1, 0, 3, 2)), image[0:3, 1:4])
    np.testing.assert_array_equal(images.crop(image, (0, 0, 5, 3)), image)
    assert images.crop(image, (2, 1, 2, 1)).shape == (1, 1, 3)


def test_corners_of_a_crop_are_rounded_halves_up():
    image = np.arange(10 * 10 * 3, dtype=np.uint16).astype(np.uint8).reshape(10, 10, 3)
    np.testing.assert_array_equal(images.crop(image, (1.5, 2.49, 4.5, 5.2)), image[2:6, 2:6])


def test_a_box_a_little_over_the_edge_is_cut_to_the_image():
    assert images.inside((-3.0, 0.0, 1024.0, 770.0), 1024, 768) == (0.0, 0.0, 1023.0, 767.0)
    assert images.crop(np.zeros((768, 1024, 3), np.uint8), (-3, 0, 1024, 770)).shape == (768, 1024, 3)


@pytest.mark.parametrize(
    "box",
    [
        (0, 0, 1040, 700),
        (0, 0, 700, 790),
        (-20, 0, 9, 9),
        (0, -20, 9, 9),
        (0, 0, np.nan, 9),
    ],
)
def test_a_box_of_another_image_is_an_error(box):
    with pytest.raises(UserError, match=r"is not inside the image, 1024 x 768 pixels"):
        images.inside(box, 1024, 768)


@pytest.mark.parametrize("box", [(9, 0, 8, 9), (0, 9, 9, 8), (2000, 0, 8, 9)])
def test_corners_in_another_order_are_the_first_thing_that_is_said_of_a_box(box):
    with pytest.raises(UserError, match="has its corners in another order; expected x1 y1 x2 y2"):
        images.inside(box, 1024, 768)


@pytest.mark.parametrize("box", [(5, 5, 5, 9), (5, 5, 9, 5), (1023.2, 5, 1024, 9), (-1, 5, 0, 9)])
def test_a_line_is_refused_where_a_box_must_have_an_area(box):
    images.inside(box, 1024, 768)
    with pytest.raises(UserError, match="is a box without area"):
        images.inside(box, 1024, 768, with_area=True)
    assert images.inside((5, 5, 5.5, 5.5), 1024, 768, with_area=True) == (5, 5, 5.5, 5.5)
