import { useState } from "react";

import { useMarkets } from "../market/markets";
import { Button } from "../ui/button";
import { Select } from "../ui/field";
import { Page } from "../ui/panel";
import { TabPanel, Tabs } from "../ui/tabs";
import { FillsTable } from "./fills-table";
import { usePastOrders } from "./past-orders";
import { PastTable } from "./past-table";

const ROWS = 20;

/** Every order there ever was, twenty to a page, and the fills. */
export default function HistoryPage() {
  const [view, setView] = useState<"orders" | "fills">("orders");
  return (
    <Page title="History">
      <div className="rounded-xl border border-line bg-panel">
        <Tabs
          name="History"
          id="history"
          className="border-b border-line px-2"
          tabs={[
            { key: "orders", label: "Orders" },
            { key: "fills", label: "Fills" },
          ]}
          chosen={view}
          choose={setView}
        />
        <TabPanel id="history" chosen={view}>
          {view === "orders" ? <AllOrders /> : <FillsTable />}
        </TabPanel>
      </div>
    </Page>
  );
}

function AllOrders() {
  const [page, setPage] = useState(0);
  const [symbol, setSymbol] = useState("");
  const markets = useMarkets((kept) => kept.list);
  const { data, status } = usePastOrders(ROWS, page * ROWS, "all", symbol === "" ? null : symbol);
  const pages = Math.max(1, Math.ceil((data?.total ?? 0) / ROWS));
  return (
    <>
      <div className="flex justify-end px-4 py-2">
        <Select
          label="Market"
          isLabelHidden
          value={symbol}
          options={[["", "All markets"], ...markets.map((market) => [market.symbol, market.symbol] as const)]}
          choose={(chosen) => {
            setSymbol(chosen);
            setPage(0);
          }}
        />
      </div>
      <PastTable orders={data?.orders ?? []} state={status} />
      <nav aria-label="Pages of orders" className="flex items-center justify-between gap-3 border-t border-line px-4 py-2">
        <Button size="small" disabled={page === 0} onClick={() => setPage(page - 1)}>
          Previous
        </Button>
        <span className="text-xs text-muted" aria-live="polite">
          Page {page + 1} of {pages}
        </span>
        <Button size="small" disabled={page + 1 >= pages} onClick={() => setPage(page + 1)}>
          Next
        </Button>
      </nav>
    </>
  );
}

