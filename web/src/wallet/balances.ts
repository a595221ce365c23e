/** What the account has. Only ever what the exchange said. */
import { create } from "zustand";

import type { BalanceShape } from "../gateway/shapes";
import { Decimal } from "../money/decimal";

export interface Balance {
  available: Decimal;
  locked: Decimal;
}

/** By asset; null before the exchange has said anything. */
export const useBalances = create<{ byAsset: Readonly<Record<string, Balance>> | null }>()(() => ({ byAsset: null }));

/** A notification of the channel `balances`. */
export function receiveBalances(said: Record<string, unknown>): void {
  const balances = said["balances"] as BalanceShape[];
  useBalances.setState(({ byAsset }) => ({
    byAsset: {
      ...(said["snapshot"] === true ? {} : byAsset),
      ...Object.fromEntries(
        balances.map(({ asset, available, locked }) => [
          asset,
          { available: Decimal.from(available), locked: Decimal.from(locked) },
        ]),
      ),
    },
  }));
}

export function forgetBalances(): void {
  useBalances.setState({ byAsset: null });
}

export const useAvailable = (asset: string): Decimal | null => useBalances(({ byAsset }) => (byAsset === null ? null : (byAsset[asset]?.available ?? Decimal.ZERO)));
