"""How much may be withdrawn, and what an operator has to look at: the operator's settings, in the atoms of an asset."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from mexchange.codec.messages import AssetInfo
from mexchange.config.daemon import WithdrawalRule
from mexchange.domain.text import parse_decimal
from mexchange.domain.units import SCALE_MAX, div_floor

STRICT: Final = WithdrawalRule()
"""What holds for an asset that no rule names: any amount, and always with an operator."""


class Limits(NamedTuple):
    """Of one asset, in atoms."""

    least: int
    daily: int | None
    """Of an owner in 24 hours; None: no limit."""
    alone: int
    """Up to here no operator is asked."""


def limits_by(
    rules: Mapping[str, WithdrawalRule], asset_of: Callable[[int], AssetInfo | None]
) -> Callable[[int], Limits]:
    """A function that gives the limits of an asset by its number; `rules` go by symbol."""

    def limits_of(asset: int) -> Limits:
        info = asset_of(asset)
        assert info is not None, "looked up before"
        rule = rules.get(info.symbol, STRICT)
        return Limits(
            least=max(1, _atoms(rule.least, info.scale)),
            daily=_atoms(rule.daily, info.scale) if rule.daily else None,
            alone=_atoms(rule.alone, info.scale),
        )

    return limits_of


def _atoms(amount: str, scale: int) -> int:
    """Rounded down to what the asset can show."""
    return div_floor(parse_decimal(amount, SCALE_MAX), 10 ** (SCALE_MAX - scale))
