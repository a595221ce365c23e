import { useState } from "react";

import { OrderBook } from "../book/order-book";
import type { OrderSide } from "../gateway/shapes";
import { useTicker } from "../market/markets";
import { Decimal } from "../money/decimal";
import { Tape } from "../tape/tape";
import { write } from "../ticket/draft";
import { Ticket } from "../ticket/ticket";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { TabPanel, Tabs } from "../ui/tabs";
import { Assets } from "../wallet/assets";
import { ChartPanel } from "./chart-panel";
import { OwnPanel } from "./own-panel";
import type { Parts } from "./trade-page";

type View = "chart" | "book" | "trades" | "info";

/** One thing at a time; buying and selling stay within reach of a thumb and come as a sheet from below. */
export function PhoneTrade({ market, view, pick }: Parts) {
  const [shown, setShown] = useState<View>("chart");
  const [isWriting, setWriting] = useState(false);
  const open = (side: OrderSide): void => {
    write({ side });
    setWriting(true);
  };
  return (
    <div className="flex flex-col">
      <Tabs
        name="Market"
        id="phone"
        className="border-b border-line bg-panel px-1"
        tabs={[
          { key: "chart", label: "Chart" },
          { key: "book", label: "Book" },
          { key: "trades", label: "Trades" },
          { key: "info", label: "Info" },
        ]}
        chosen={shown}
        choose={setShown}
      />
      <TabPanel id="phone" chosen={shown} className="h-[calc(100dvh-21rem)] min-h-80 overflow-hidden">
        {shown === "chart" && <ChartPanel market={market} pick={(price) => pick(price, null, "bids")} />}
        {shown === "book" && (
          <OrderBook
            market={market}
            view={view}
            pick={(price, size, side) => {
              pick(price, size, side);
              if (size === null) write({ side: side === "asks" ? "bid" : "ask" });
              setWriting(true);
            }}
          />
        )}
        {shown === "trades" && <Tape market={market} />}
        {shown === "info" && <Info market={market} />}
      </TabPanel>
      <div className="h-72 border-t border-line">
        <OwnPanel market={market} />
      </div>
      <div className="sticky bottom-13 z-20 grid grid-cols-2 gap-2 border-t border-line bg-panel p-2">
        <Button look="buy" size="large" onClick={() => open("bid")}>
          Buy <span aria-hidden>▲</span>
        </Button>
        <Button look="sell" size="large" onClick={() => open("ask")}>
          Sell <span aria-hidden>▼</span>
        </Button>
      </div>
      {isWriting && (
        <Dialog title={`Order in ${market.symbol}`} look="sheet" close={() => setWriting(false)}>
          <div className="-m-4">
            <Ticket market={market} view={view} sent={() => setWriting(false)} />
          </div>
        </Dialog>
      )}
    </div>
  );
}

function Info({ market }: Pick<Parts, "market">) {
  const ticker = useTicker(market.symbol);
  const rows: readonly (readonly [string, string])[] = [
    ["24h high", ticker?.high?.show() ?? "–"],
    ["24h low", ticker?.low?.show() ?? "–"],
    [`24h volume (${market.base})`, ticker?.volume?.show(2) ?? "–"],
    [`24h volume (${market.quote})`, ticker?.turnover?.show(2) ?? "–"],
    ["Step of price", `${market.tick.toString()} ${market.quote}`],
    ["Step of quantity", `${market.lot.toString()} ${market.base}`],
    ["Least worth of an order", `${market.minNotional.trimmed().show()} ${market.quote}`],
    ["Fee as maker", percent(market.makerFee)],
    ["Fee as taker", percent(market.takerFee)],
  ];
  return (
    <div className="scroll-area h-full bg-panel p-4">
      <dl className="grid grid-cols-[1fr_auto] gap-y-2">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Assets market={market} />
    </div>
  );
}

const percent = (fee: Decimal): string => `${fee.times(Decimal.of(100n, 0)).trimmed().show()} %`;
