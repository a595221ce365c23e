import { useEffect, useRef, type ReactNode } from "react";

import { compact } from "../market/compact";
import type { Market } from "../market/market";
import { MarketPicker } from "../market/market-picker";
import { useTicker } from "../market/markets";
import { cx } from "../ui/class-names";
import { Change } from "../ui/side";

/** Which market, its price and its last 24 hours. */
export function StatsBar({ market }: { market: Market }) {
  const ticker = useTicker(market.symbol);
  const direction = ticker?.direction ?? 0;
  return (
    <div className="flex min-h-12 shrink-0 items-center gap-x-4 border-b border-line bg-panel px-3 lg:gap-x-6">
      <MarketPicker market={market} />
      <div className="flex flex-col lg:flex-row lg:items-center lg:gap-4">
        <span
          data-testid="last-price"
          className={cx("text-base font-semibold", direction > 0 && "text-up", direction < 0 && "text-down")}
        >
          {ticker?.last?.show() ?? "–"}
          <span className="sr-only"> {market.quote}, last price</span>
        </span>
        <Change text={ticker?.changePercent?.toString() ?? null} className="text-xs" />
      </div>
      <Figures>
        <Figure name="24h high" value={ticker?.high?.show()} />
        <Figure name="24h low" value={ticker?.low?.show()} />
        <Figure name={`24h volume (${market.base})`} value={ticker?.volume ? compact(ticker.volume) : undefined} />
        <Figure name={`24h volume (${market.quote})`} value={ticker?.turnover ? compact(ticker.turnover) : undefined} />
        <Figure name="Mark" value={ticker?.mark?.show(market.priceDecimals)} />
      </Figures>
      {market.status !== "open" && (
        <span className="ml-auto rounded-md border border-warn px-2 py-0.5 text-xs text-warn capitalize">
          {market.status.replace("_", " ")}
        </span>
      )}
    </div>
  );
}

function Figures({ children }: { children: ReactNode }) {
  const box = useRef<HTMLDListElement>(null);
  // A row that scrolls is within reach of the keyboard only if it can be focused; one that does not, need not.
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      element.tabIndex = element.scrollWidth > element.clientWidth ? 0 : -1;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <dl ref={box} className="flex min-w-0 gap-x-5 overflow-x-auto [scrollbar-width:none]">
      {children}
    </dl>
  );
}

function Figure({ name, value }: { name: string; value: string | undefined }) {
  return (
    <div className="whitespace-nowrap">
      <dt className="text-2xs text-muted">{name}</dt>
      <dd className="text-xs">{value ?? "–"}</dd>
    </div>
  );
}
