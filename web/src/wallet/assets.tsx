import { Link } from "react-router";

import type { Market } from "../market/market";
import { useSession } from "../gateway/session";
import { useBalances } from "./balances";

/** The two assets of a market, below its ticket. */
export function Assets({ market }: { market: Market }) {
  const state = useSession((session) => session.state);
  const byAsset = useBalances((balances) => balances.byAsset);
  if (state !== "in" || byAsset === null) return null;
  const rows = [
    [market.quote, market.quoteDecimals],
    [market.base, market.baseDecimals],
  ] as const;
  return (
    <section aria-label="Balances" className="mt-1 border-t border-line p-3">
      <div className="flex items-center justify-between pb-2">
        <h2 className="font-semibold">Assets</h2>
        <Link to="/wallet" className="flex min-h-6 items-center text-xs text-accent hover:underline">
          Deposit or withdraw
        </Link>
      </div>
      <table className="w-full text-xs">
        <thead className="text-2xs text-muted">
          <tr>
            <th scope="col" className="text-left font-normal">
              Asset
            </th>
            <th scope="col" className="text-right font-normal">
              Available
            </th>
            <th scope="col" className="text-right font-normal">
              In orders
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([asset, decimals]) => (
            <tr key={asset} className="h-6">
              <th scope="row" className="text-left font-semibold">
                {asset}
              </th>
              <td className="text-right" data-testid={`available-${asset}`}>
                {byAsset[asset]?.available.show(decimals) ?? "0"}
              </td>
              <td className="text-right text-soft" data-testid={`locked-${asset}`}>
                {byAsset[asset]?.locked.show(decimals) ?? "0"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
