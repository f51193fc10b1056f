"""The contrast tables of ui.md 3.1, computed again from the token file with the formula of WCAG."""

import re
from pathlib import Path

import pytest

import gongkai.foundation.ui

CSS = Path(gongkai.foundation.ui.__file__).parent / "static/ui/css"
TOKENS = re.sub(r"/\*.*?\*/", "", (CSS / "tokens.css").read_text(encoding="utf-8"), flags=re.DOTALL)
BLOCK = re.compile(r"(:root[^{]*)\{([^}]*)\}")
DECLARATION = re.compile(r"--([\w-]+):\s*([^;]+);")


def tokens_of(selector: str) -> dict[str, str]:
    (body,) = (body for name, body in BLOCK.findall(TOKENS) if name.strip() == selector)
    return dict(DECLARATION.findall(body))


LIGHT = tokens_of(":root")
DARK_BY_DEVICE = tokens_of(':root:not([data-theme="light"]):not([data-theme="contrast"])')
DARK_BY_CHOICE = tokens_of(':root[data-theme="dark"]')
DARK = LIGHT | DARK_BY_CHOICE
CONTRAST = LIGHT | tokens_of(':root[data-theme="contrast"]')


def luminance(colour: str) -> float:
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def read_table(text: str) -> list[tuple[str, str, float]]:
    rows = (line.split() for line in text.strip().replace(";", "\n").splitlines())
    return [(one, other, float(expected)) for one, other, expected in rows]


LIGHT_TABLE = read_table("""
ink paper 14.98; ink-2 paper 7.27; ink-2 sunk 6.80; link paper 7.11; visited paper 7.93
on-azurite azurite 8.73; azurite-text azurite-tint 7.56; malachite malachite-tint 5.55
cinnabar cinnabar-tint 6.08; on-cinnabar cinnabar 7.03; ochre ochre-tint 5.70; indigo indigo-tint 5.72
focus-ink focus 9.92; rim surface 3.62; rim paper 3.47; side-text side 9.58; focus paper 1.51
chart-1 paper 8.36; chart-2 paper 3.72; chart-3 paper 3.15; chart-4 paper 5.01; chart-5 paper 11.88
""")

DARK_TABLE = read_table("""
ink-2 sunk 6.75; link sunk 7.22; on-azurite azurite 5.53; azurite-text azurite-tint 6.90
malachite malachite-tint 7.54; cinnabar cinnabar-tint 7.65; ochre ochre-tint 8.54; indigo indigo-tint 7.63
on-cinnabar cinnabar 8.90; focus-ink focus 9.92
""")

# What stands on what, anywhere in the desk's style sheets.
GROUNDS_OF = {
    "ink": "ground paper surface sunk cinnabar-tint ochre-tint azurite-tint",
    "ink-2": "ground paper surface sunk cinnabar-tint ochre-tint azurite-tint",
    "link": "ground paper surface sunk cinnabar-tint azurite-tint",
    "visited": "ground paper surface sunk",
    "azurite-text": "surface azurite-tint",
    "malachite": "surface malachite-tint",
    "cinnabar": "surface sunk cinnabar-tint",
    "ochre": "surface sunk ochre-tint",
    "indigo": "surface indigo-tint",
    "zero": "surface",
    "on-azurite": "azurite azurite-deep",
    "on-cinnabar": "cinnabar",
    "surface": "ochre",
    "side-text": "side",
    "side-bright": "side side-here",
    "focus-ink": "focus",
}
TEXT_PAIRS = [(text, ground) for text, grounds in GROUNDS_OF.items() for ground in grounds.split()]


@pytest.mark.parametrize(("one", "other", "expected"), LIGHT_TABLE)
def test_light_pairs_have_the_contrast_of_the_table(one: str, other: str, expected: float) -> None:
    assert ratio(LIGHT[one], LIGHT[other]) == pytest.approx(expected, abs=0.006)


@pytest.mark.parametrize(("one", "other", "expected"), DARK_TABLE)
def test_dark_pairs_have_the_contrast_of_the_table(one: str, other: str, expected: float) -> None:
    assert ratio(DARK[one], DARK[other]) == pytest.approx(expected, abs=0.006)


@pytest.mark.parametrize("theme", [LIGHT, DARK, CONTRAST], ids=["light", "dark", "contrast"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_every_pair_of_text_and_ground_in_use_can_be_read(theme: dict[str, str], text: str, ground: str) -> None:
    assert ratio(theme[text], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_borders_of_controls_can_be_seen(theme: dict[str, str]) -> None:
    assert min(ratio(theme["rim"], theme[ground]) for ground in ("ground", "paper", "surface", "sunk")) >= 3


def test_dark_by_device_and_dark_by_choice_are_the_same() -> None:
    assert DARK_BY_DEVICE == DARK_BY_CHOICE


def test_colours_are_written_in_the_token_file_only() -> None:
    allowed = {"#000000"}  # chips on paper become words
    for file in CSS.glob("*.css"):
        if file.name != "tokens.css":
            assert set(re.findall(r"#[0-9A-Fa-f]{3,8}\b", file.read_text(encoding="utf-8"))) <= allowed, file.name


def test_every_token_that_is_used_exists() -> None:
    for file in CSS.glob("*.css"):
        used = set(re.findall(r"var\(--([\w-]+)\)", file.read_text(encoding="utf-8")))
        assert used <= set(LIGHT), file.name
