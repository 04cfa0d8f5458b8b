"""Inks for the press: the shipped profile, how colours and pictures are converted."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from npp_publish.backends.pdf import PdfBackend, PdfOptions
from npp_publish.backends.pdf.inks import Mixer, inked, profile
from npp_publish.errors import UsageError


def test_black_is_black_ink_and_greys_its_shades() -> None:
    mixer = Mixer(profile().read_bytes())
    assert mixer.inks(0, 0, 0) == mixer.inks(0.1, 0.1, 0.1) == (0, 0, 0, 1)
    assert mixer.inks(0.5, 0.5, 0.5) == (0, 0, 0, 0.5)
    assert mixer.inks(1, 1, 1) == (0, 0, 0, 0)
    red = mixer.inks(0.61, 0.11, 0.11)
    assert red[0] < 0.1 and min(red[1:3]) > 0.75 and sum(red) < 3
    assert inked(b"/A 1 gs 0 0 0 rg .5 .5 .5 RG <00670020> Tj", mixer) == (
        b"/A 1 gs 0 0 0 1 k 0 0 0 0.5 K <00670020> Tj"
    )


def test_a_profile_that_only_describes_the_inks_leaves_mixing_to_arithmetic() -> None:
    shipped = bytearray(profile().read_bytes())
    for at in range(132, 132 + 12 * shipped[131], 12):
        if shipped[at : at + 3] == b"B2A":
            shipped[at : at + 3] = b"X2A"
    mixer = Mixer(bytes(shipped))
    assert mixer.inks(1, 0, 0) == (0, 1, 1, 0)
    assert mixer.picture(Image.new("RGB", (1, 1), (0, 255, 0))).getpixel((0, 0)) == (255, 0, 255, 0)


def test_the_shipped_profile_is_one_for_output_and_hits_its_own_colours() -> None:
    shipped = profile().read_bytes()
    assert (shipped[12:16], shipped[16:20], len(shipped)) == (
        b"prtr", b"CMYK", int.from_bytes(shipped[:4], "big"))  # fmt: skip
    colours = Image.new("RGB", (8, 1))
    colours.putdata([(90 + 20 * n, 200 - 15 * n, 80 + 9 * n) for n in range(8)])
    inks = Mixer(shipped).picture(colours)
    assert max(sum(inks.getpixel((n, 0))) for n in range(8)) <= 3 * 255
    back = ImageCms.profileToProfile(
        inks, ImageCms.ImageCmsProfile(BytesIO(shipped)), ImageCms.createProfile("sRGB"), 1, "RGB"
    )
    off = [abs(a - b) for a, b in zip(back.tobytes(), colours.tobytes(), strict=True)]
    assert sum(off) / len(off) < 6


def test_the_profile_of_the_printer(tmp_path: Path) -> None:
    assert [d.code for d in PdfBackend().check(PdfOptions(standard="x-4"))] == ["NPP717"]
    shipped = profile().read_bytes()
    own, scanner = tmp_path / "own.icc", tmp_path / "scanner.icc"
    own.write_bytes(shipped)
    scanner.write_bytes(shipped[:12] + b"scnr" + shipped[16:])
    assert PdfBackend().check(PdfOptions(standard="x-4", press_profile=str(own))) == ()
    for wrong in (tmp_path / "none.icc", scanner):
        with pytest.raises(UsageError, match="profile"):
            PdfBackend().check(PdfOptions(press_profile=str(wrong)))
