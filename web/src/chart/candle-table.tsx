import type { Market } from "../market/market";
import { Empty } from "../ui/panel";
import { Table } from "../ui/table";
import { moment } from "../ui/time";
import { useCandles } from "./candles";

const ROWS = 100;

/** The chart as a table: for those who do not see it, and those who want the numbers. */
export default function CandleTable({ market, interval }: { market: Market; interval: string }) {
  const { list, state } = useCandles(market, interval);
  const rows = list.slice(-ROWS).toReversed();
  return (
    <Table
      name={`Candles of ${market.symbol}, ${interval}, newest first`}
      className="h-full"
      rows={rows}
      rowKey={(candle) => String(candle.time)}
      empty={<Empty>{state === "loading" ? "Loading …" : state === "failed" ? "The candles could not be loaded." : "No trades yet"}</Empty>}
      columns={[
        { key: "time", head: "Time", cell: (candle) => moment(new Date(candle.time * 1_000).toISOString()) },
        { key: "open", head: "Open", isNumber: true, cell: (candle) => candle.open.show() },
        { key: "high", head: "High", isNumber: true, cell: (candle) => candle.high.show() },
        { key: "low", head: "Low", isNumber: true, cell: (candle) => candle.low.show() },
        { key: "close", head: "Close", isNumber: true, cell: (candle) => candle.close.show() },
        { key: "volume", head: `Volume (${market.base})`, isNumber: true, cell: (candle) => candle.volume.show() },
      ]}
    />
  );
}
