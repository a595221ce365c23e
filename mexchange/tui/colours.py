"""The names that the widgets' styles use for colours, and what they are unless a theme says otherwise.

An app that shows these widgets returns VARIABLES from `get_theme_variable_defaults`; a theme's `variables` win.
"""

from typing import Final

VARIABLES: Final[dict[str, str]] = {
    "bid": "#2ebd85",
    "ask": "#f6465d",
    "bid-bar": "#12382c",
    "ask-bar": "#431b26",
    "bid-dim": "#1f7a58",
    "ask-dim": "#9c3344",
    "own": "#f0b90b",
    "flash": "#ffffff",
    "muted": "#8a929b",
    "faint": "#4a525c",
    "last-price": "#e6e8ea",
    "line-ema": "#4aa3ff",
    "line-vwap": "#c792ea",
    "armed": "#ff3355",
    "warn": "#f0b90b",
}
