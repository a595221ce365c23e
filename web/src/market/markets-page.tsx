import { Link } from "react-router";

import { Empty, Page, Panel } from "../ui/panel";
import { Change } from "../ui/side";
import { Table } from "../ui/table";
import { compact } from "./compact";
import { slugOf } from "./market";
import { useMarkets } from "./markets";

export default function MarketsPage() {
  const { list, tickers, state } = useMarkets();
  return (
    <Page title="Markets">
      <Panel title="All markets">
        <Table
          name="Markets"
          rows={list}
          rowKey={({ symbol }) => symbol}
          empty={<Empty>{state === "failed" ? "The exchange cannot be reached. Trying again …" : "Loading …"}</Empty>}
          columns={[
            {
              key: "market",
              head: "Market",
              cell: ({ symbol }) => (
                <Link to={`/trade/${slugOf(symbol)}`} className="flex min-h-9 items-center font-semibold hover:text-accent pointer-coarse:min-h-11">
                  {symbol}
                </Link>
              ),
            },
            { key: "last", head: "Last price", isNumber: true, cell: ({ symbol }) => tickers[symbol]?.last?.show() ?? "–" },
            {
              key: "change",
              head: "24h",
              isNumber: true,
              cell: ({ symbol }) => <Change text={tickers[symbol]?.changePercent?.toString() ?? null} />,
            },
            { key: "high", head: "High", isNumber: true, isExtra: true, cell: ({ symbol }) => tickers[symbol]?.high?.show() ?? "–" },
            { key: "low", head: "Low", isNumber: true, isExtra: true, cell: ({ symbol }) => tickers[symbol]?.low?.show() ?? "–" },
            {
              key: "volume",
              head: "Volume",
              isNumber: true,
              isExtra: true,
              cell: ({ symbol, quote }) => {
                const turnover = tickers[symbol]?.turnover;
                return turnover ? `${compact(turnover)} ${quote}` : "–";
              },
            },
            { key: "status", head: "Status", isExtra: true, cell: ({ status }) => <span className="capitalize">{status.replace("_", " ")}</span> },
          ]}
        />
      </Panel>
    </Page>
  );
}
