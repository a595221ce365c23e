import { useMarkets } from "../market/markets";
import { Empty } from "../ui/panel";
import { Table } from "../ui/table";
import { useBalances } from "./balances";
import { worthIn } from "./worth";

const QUOTE = "EUR";

/** What there is of each asset, free and held, and what it is worth now. */
export function BalancesTable({ className }: { className?: string }) {
  const byAsset = useBalances((balances) => balances.byAsset);
  const { assets, list, tickers } = useMarkets();
  const rows = Object.entries(byAsset ?? {}).map(([asset, balance]) => ({
    asset,
    ...balance,
    total: balance.available.plus(balance.locked),
    decimals: assets.find(({ symbol }) => symbol === asset)?.display_decimals ?? 8,
  }));
  return (
    <Table
      name="Balances"
      {...(className === undefined ? {} : { className })}
      rows={rows}
      rowKey={(row) => row.asset}
      empty={<Empty>{byAsset === null ? "Loading …" : "No balances yet"}</Empty>}
      columns={[
        { key: "asset", head: "Asset", cell: (row) => <span className="font-semibold">{row.asset}</span> },
        { key: "available", head: "Available", isNumber: true, cell: (row) => row.available.show(row.decimals) },
        { key: "locked", head: "In orders", isNumber: true, cell: (row) => row.locked.show(row.decimals) },
        { key: "total", head: "Total", isNumber: true, isExtra: true, cell: (row) => row.total.show(row.decimals) },
        {
          key: "worth",
          head: `Worth (${QUOTE})`,
          isNumber: true,
          isExtra: true,
          cell: (row) => worthIn(QUOTE, row.asset, row.total, list, tickers)?.show(2) ?? "–",
        },
      ]}
    />
  );
}
