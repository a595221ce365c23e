"""How the client is coloured: three grounds, and three ways to tell buyers from sellers.

    ground   mx-dark, mx-light, mx-mono (greys alone: the sides are told apart by textures)
    sides    classic (green up), red-up, cb (blue and orange, for people who cannot tell red from green)

A theme is called `mx-dark`, `mx-light-red-up`, `mx-dark-cb` … Colour never stands alone: arrows and words go with it.
"""

from typing import Final

from textual.theme import Theme

from mexchange.tui.colours import VARIABLES

SIDES: Final = ("", "-red-up", "-cb")
GROUNDS: Final = ("mx-dark", "mx-light", "mx-mono")

_DARK: Final = {
    **VARIABLES,
    "live": "#2ebd85",
    "slow": "#f0b90b",
    "stale": "#f6465d",
    "grid": "#2a3038",
    "border-blurred": "#2f3640",
    "footer-background": "#14181d",
    "input-cursor-background": "#e6e8ea",
}
DEFAULTS: Final = _DARK
"""What the style sheet's variables are under a theme that is not ours."""
_LIGHT: Final = {
    **_DARK,
    "bid": "#0b7a4b",
    "ask": "#c2253c",
    "bid-bar": "#cdeedd",
    "ask-bar": "#fbd5da",
    "bid-dim": "#5aa885",
    "ask-dim": "#d98490",
    "own": "#8a5a00",
    "flash": "#000000",
    "muted": "#5a636e",
    "faint": "#9aa3ad",
    "last-price": "#15191e",
    "line-ema": "#0b5fb0",
    "line-vwap": "#7a35a8",
    "live": "#0b7a4b",
    "slow": "#8a5a00",
    "stale": "#c2253c",
    "warn": "#8a5a00",
    "grid": "#d7dce2",
    "border-blurred": "#c3cad2",
    "footer-background": "#e8ecf0",
    "input-cursor-background": "#15191e",
}
_MONO: Final = {
    **_DARK,
    "bid": "#f2f2f2",
    "ask": "#b0b0b0",
    "bid-bar": "#3c3c3c",
    "ask-bar": "#2a2a2a",
    "bid-dim": "#8c8c8c",
    "ask-dim": "#6e6e6e",
    "own": "#ffffff",
    "muted": "#9a9a9a",
    "faint": "#5a5a5a",
    "last-price": "#ffffff",
    "line-ema": "#c8c8c8",
    "line-vwap": "#8c8c8c",
    "live": "#e0e0e0",
    "slow": "#e0e0e0",
    "stale": "#ffffff",
    "armed": "#ffffff",
    "warn": "#e0e0e0",
    "grid": "#303030",
    "border-blurred": "#3a3a3a",
    "footer-background": "#161616",
}
_BLUE_ORANGE: Final = {
    "mx-dark": {"bid": "#56a3ff", "bid-bar": "#14304f", "bid-dim": "#2f5f9c"}
    | {"ask": "#ff9f43", "ask-bar": "#4a2f12", "ask-dim": "#9c6226"},
    "mx-light": {"bid": "#0b5fb0", "bid-bar": "#cfe2f7", "bid-dim": "#6c9ccc"}
    | {"ask": "#a34e00", "ask-bar": "#f8dfc4", "ask-dim": "#cf9a66"},
}


def themes() -> list[Theme]:
    """All of them."""
    made = [_theme("mx-mono", "mx-mono", _MONO)]
    for ground, variables in (("mx-dark", _DARK), ("mx-light", _LIGHT)):
        made.append(_theme(ground, ground, variables))
        made.append(_theme(f"{ground}-red-up", ground, _turned(variables)))
        made.append(_theme(f"{ground}-cb", ground, {**variables, **_BLUE_ORANGE[ground]}))
    return made


def next_ground(name: str) -> str:
    """The theme with the next ground and, where it has colours, the same sides."""
    ground, sides = split(name)
    following = GROUNDS[(GROUNDS.index(ground) + 1) % len(GROUNDS)]
    return following if following == "mx-mono" else following + sides


def next_sides(name: str) -> str:
    """The theme with the same ground and the next way to tell the sides apart; mono has one only."""
    ground, sides = split(name)
    return ground if ground == "mx-mono" else ground + SIDES[(SIDES.index(sides) + 1) % len(SIDES)]


def split(name: str) -> tuple[str, str]:
    """Ground and sides of a theme's name; `mx-dark` for one that is not ours."""
    for ground in GROUNDS:
        if name.startswith(ground) and name.removeprefix(ground) in SIDES:
            return ground, name.removeprefix(ground)
    return GROUNDS[0], SIDES[0]


def is_textured(name: str) -> bool:
    """Must the sides be told apart without colour."""
    return split(name)[0] == "mx-mono"


def _turned(variables: dict[str, str]) -> dict[str, str]:
    """Red is up."""
    turned = dict(variables)
    for suffix in ("", "-bar", "-dim"):
        turned[f"bid{suffix}"], turned[f"ask{suffix}"] = variables[f"ask{suffix}"], variables[f"bid{suffix}"]
    return turned


def _theme(name: str, ground: str, variables: dict[str, str]) -> Theme:
    primary, background, surface, panel = {
        "mx-dark": ("#f0b90b", "#0b0e11", "#12161b", "#1a2027"),
        "mx-light": ("#8a5a00", "#f6f8fa", "#ffffff", "#eaeef2"),
        "mx-mono": ("#ffffff", "#0a0a0a", "#121212", "#1c1c1c"),
    }[ground]
    return Theme(
        name=name,
        dark=ground != "mx-light",
        secondary=variables["line-ema"],
        accent=variables["own"],
        warning=variables["slow"],
        error=variables["stale"],
        success=variables["live"],
        foreground=variables["last-price"],
        variables=variables,
        primary=primary,
        background=background,
        surface=surface,
        panel=panel,
    )
