import { useState } from "react";

import { OrderBook } from "../book/order-book";
import { Tape } from "../tape/tape";
import { TabPanel, Tabs } from "../ui/tabs";
import type { Parts } from "./trade-page";

/** Book and trades one behind the other, where there is no room for both. */
export function BookAndTape({ market, view, pick }: Parts) {
  const [shown, setShown] = useState<"book" | "trades">("book");
  return (
    <div className="flex h-full min-h-0 flex-col bg-panel">
      <Tabs
        name="Book or trades"
        id="book-tape"
        className="border-b border-line px-1"
        tabs={[
          { key: "book", label: "Order book" },
          { key: "trades", label: "Trades" },
        ]}
        chosen={shown}
        choose={setShown}
      />
      <TabPanel id="book-tape" chosen={shown} className="min-h-0 flex-1">
        {shown === "book" ? <OrderBook market={market} view={view} pick={pick} /> : <Tape market={market} />}
      </TabPanel>
    </div>
  );
}
