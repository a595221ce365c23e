import { memo, useEffect, useMemo, useSyncExternalStore } from "react";

import { useExchange } from "../gateway/exchange";
import type { Market } from "../market/market";
import { Decimal } from "../money/decimal";
import { cx } from "../ui/class-names";
import { clock } from "../ui/time";
import type { TradePrint } from "../feed/messages";

const KEPT = 60;
const PAINT_MS = 200;

/** The last trades, painted at most five times a second however fast they come. */
class TapeView {
  trades: readonly TradePrint[] = [];
  private shown: readonly TradePrint[] = [];
  private timer: ReturnType<typeof setTimeout> | null = null;
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly snapshot = (): readonly TradePrint[] => this.shown;

  receive(trades: TradePrint[], isSnapshot: boolean): void {
    const newest = trades.toReversed();
    this.trades = (isSnapshot ? newest : [...newest, ...this.trades]).slice(0, KEPT);
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.shown = this.trades;
      for (const listener of this.listeners) listener();
    }, PAINT_MS);
  }
}

export function useTape(market: Market): TapeView {
  const { feed } = useExchange();
  const view = useMemo(() => new TapeView(), [market.symbol]);
  useEffect(
    () => feed.watch(market, { kind: "trades" }, { trades: (trades, isSnapshot) => view.receive(trades, isSnapshot) }),
    [feed, market.symbol, view],
  );
  return view;
}

export function Tape({ market }: { market: Market }) {
  const view = useTape(market);
  const trades = useSyncExternalStore(view.subscribe, view.snapshot);
  return (
    <section aria-label="Trades" className="flex h-full min-h-0 flex-col bg-panel">
      <h2 className="flex h-9 shrink-0 items-center px-3 font-semibold">Trades</h2>
      <div className="scroll-area min-h-0 flex-1" tabIndex={0} role="region" aria-label={`Last trades of ${market.symbol}`}>
        <table className="w-full table-fixed text-xs">
          <thead className="sticky top-0 bg-panel text-2xs text-muted">
            <tr>
              <th scope="col" className="h-6 pl-3 text-left font-normal">
                Price ({market.quote})
              </th>
              <th scope="col" className="text-right font-normal">
                Size ({market.base})
              </th>
              <th scope="col" className="pr-3 text-right font-normal">
                Time
              </th>
            </tr>
          </thead>
          <tbody>
            {trades.map((trade) => (
              <Print key={String(trade.id)} trade={trade} market={market} />
            ))}
          </tbody>
        </table>
        {trades.length === 0 && <p className="py-6 text-center text-muted">Waiting for trades …</p>}
      </div>
    </section>
  );
}

const Print = memo(function Print({ trade, market }: { trade: TradePrint; market: Market }) {
  return (
    <tr className="h-5">
      <td className={cx("pl-3", trade.side === "buy" ? "text-up" : "text-down")}>
        {Decimal.of(trade.price * market.tick.units, market.tick.scale).show()}{" "}
        <span aria-hidden className="text-2xs">
          {trade.side === "buy" ? "▲" : "▼"}
        </span>
        <span className="sr-only">{trade.side}</span>
      </td>
      <td className="text-right">{Decimal.of(trade.size * market.lot.units, market.lot.scale).show()}</td>
      <td className="pr-3 text-right text-muted">{clock(new Date(Number(trade.timeNs / 1_000_000n)))}</td>
    </tr>
  );
});

