import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";

import { cx } from "../ui/class-names";
import { Popover } from "../ui/popover";
import { Change } from "../ui/side";
import { useChoice } from "../ui/use-choice";
import { slugOf, type Market } from "./market";
import { useMarkets } from "./markets";

/** The market's name; behind it all markets, searched by typing. */
export function MarketPicker({ market }: { market: Market }) {
  return (
    <Popover
      name={`Market ${market.symbol}, choose another`}
      label={
        <>
          {market.symbol} <ChevronDown size={14} aria-hidden className="text-muted" />
        </>
      }
      className="flex min-h-9 items-center gap-1 rounded-md pr-1 text-base font-semibold whitespace-nowrap hover:bg-raised pointer-coarse:min-h-11"
      panelClassName="left-0 w-[min(24rem,calc(100vw-1.5rem))]"
    >
      {(close) => <MarketList chosen={market.symbol} close={close} />}
    </Popover>
  );
}

function MarketList({ chosen, close }: { chosen: string; close: () => void }) {
  const { list, tickers } = useMarkets();
  const [search, setSearch] = useState("");
  const go = useNavigate();
  const found = list.filter(({ symbol }) => symbol.toLowerCase().includes(search.trim().toLowerCase()));
  const open = (symbol: string): void => {
    close();
    void go(`/trade/${slugOf(symbol)}`);
  };
  const { at, begin, keyed } = useChoice(found, ({ symbol }) => open(symbol));
  return (
    <div className="p-2">
      <input
        autoFocus
        role="combobox"
        aria-label="Search markets"
        aria-expanded
        aria-controls="market-list"
        aria-activedescendant={found[at] ? `market-${slugOf(found[at].symbol)}` : undefined}
        placeholder="Search"
        value={search}
        onChange={(event) => {
          setSearch(event.target.value);
          begin();
        }}
        onKeyDown={keyed}
        className="mb-1 min-h-9 w-full rounded-md border border-edge bg-ground px-3 text-sm placeholder:text-muted"
      />
      <ul id="market-list" role="listbox" aria-label="Markets" className="scroll-area max-h-80">
        {found.map(({ symbol }, index) => {
          const ticker = tickers[symbol];
          return (
            <li
              key={symbol}
              id={`market-${slugOf(symbol)}`}
              role="option"
              aria-selected={symbol === chosen}
              onClick={() => open(symbol)}
              onKeyDown={() => undefined}
              className={cx(
                "grid min-h-9 cursor-pointer grid-cols-[1fr_auto_5.5rem] items-center gap-3 rounded-md px-2 hover:bg-lifted pointer-coarse:min-h-11",
                index === at && "bg-lifted",
              )}
            >
              <span className="font-semibold">{symbol}</span>
              <span>{ticker?.last?.show() ?? "–"}</span>
              <Change text={ticker?.changePercent?.toString() ?? null} className="text-right text-xs" />
            </li>
          );
        })}
        {found.length === 0 && <li className="p-3 text-center text-muted">No market of that name</li>}
      </ul>
    </div>
  );
}
