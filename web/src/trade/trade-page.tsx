/** One market: book, trades, chart, ticket, own orders; laid out for a desk, a tablet or a phone. */
import { useEffect } from "react";
import { useParams } from "react-router";

import { useGroup } from "../book/order-book";
import type { SideName } from "../book/book-view";
import { useBook } from "../book/use-book";
import type { Market } from "../market/market";
import { useMarket, useMarkets, useTicker } from "../market/markets";
import type { Decimal } from "../money/decimal";
import { change } from "../settings/settings";
import { forgetDraft, write } from "../ticket/draft";
import { useSpace } from "../ui/media";
import { Desk } from "./desk";
import { PhoneTrade } from "./phone-trade";
import { StatsBar } from "./stats-bar";
import { TabletTrade } from "./tablet-trade";

export interface Parts {
  market: Market;
  view: ReturnType<typeof useBook>;
  pick: (price: Decimal, size: Decimal | null, side: SideName) => void;
}

export function TradePage() {
  const { market: slug } = useParams();
  const market = useMarket(slug);
  const state = useMarkets((markets) => markets.state);
  if (market === undefined) {
    const words = { loading: "Loading the market …", failed: "The exchange cannot be reached. Trying again …", ready: "There is no such market." };
    return <p className="p-8 text-center text-muted">{words[state]}</p>;
  }
  return <OneMarket key={market.symbol} market={market} />;
}

function OneMarket({ market }: { market: Market }) {
  const group = useGroup(market);
  const view = useBook(market, group);
  const space = useSpace();
  useTitle(market);
  useEffect(() => {
    change({ lastMarket: market.symbol });
    forgetDraft();
  }, [market.symbol]);
  const parts: Parts = { market, view, pick: pickFromBook };
  return (
    <>
      <h1 className="sr-only">Trade {market.symbol}</h1>
      <StatsBar market={market} />
      {space === "desk" && <Desk {...parts} />}
      {space === "tablet" && <TabletTrade {...parts} />}
      {space === "phone" && <PhoneTrade {...parts} />}
    </>
  );
}

/** A price from the book; with a size, everything from the best price to there, which is bought from asks and sold to bids. */
function pickFromBook(price: Decimal, size: Decimal | null, side: SideName): void {
  write({ type: "limit", price: price.toString() });
  if (size !== null) write({ size: size.toString(), percent: null, side: side === "asks" ? "bid" : "ask" });
}

function useTitle(market: Market): void {
  const last = useTicker(market.symbol)?.last?.show();
  useEffect(() => {
    document.title = last === undefined ? `${market.symbol} · mExchange` : `${last} ${market.symbol} · mExchange`;
    return () => void (document.title = "mExchange");
  }, [last, market.symbol]);
}
