import { useState } from "react";
import { Link } from "react-router";

import { useSession } from "../gateway/session";
import type { Market } from "../market/market";
import { FillsTable } from "../orders/fills-table";
import { OpenOrders } from "../orders/open-orders";
import { RecentOrders } from "../orders/recent-orders";
import { useOpenOrders } from "../orders/use-open-orders";
import { LogList } from "../ui/log-list";
import { Empty } from "../ui/panel";
import { TabPanel, Tabs } from "../ui/tabs";
import { BalancesTable } from "../wallet/balances-table";

type View = "open" | "history" | "fills" | "balances" | "log";

/** What is one's own: orders, their past, fills, balances, and what the page said. */
export function OwnPanel({ market }: { market: Market }) {
  const [view, setView] = useState<View>("open");
  const state = useSession((session) => session.state);
  const open = useOpenOrders();
  const needsAccount = view !== "log" && state !== "in";
  return (
    <section aria-label="Your trading" className="flex h-full min-h-0 flex-col bg-panel">
      <Tabs
        name="Your trading"
        id="own"
        className="shrink-0 overflow-x-auto border-b border-line px-1 [scrollbar-width:none]"
        tabs={[
          { key: "open", label: open.length > 0 ? `Orders · ${open.length}` : "Orders" },
          { key: "history", label: "History" },
          { key: "fills", label: "Fills" },
          { key: "balances", label: "Balances" },
          { key: "log", label: "Log" },
        ]}
        chosen={view}
        choose={setView}
      />
      <TabPanel id="own" chosen={view} className="min-h-0 flex-1">
        {needsAccount ? (
          <Empty>
            <p>
              <Link to="/signin" className="text-accent underline underline-offset-2">
                Sign in
              </Link>{" "}
              or{" "}
              <Link to="/signup" className="text-accent underline underline-offset-2">
                sign up
              </Link>{" "}
              to see what is yours.
            </p>
          </Empty>
        ) : (
          <>
            {view === "open" && <OpenOrders market={market} className="h-full" />}
            {view === "history" && <RecentOrders className="h-full" />}
            {view === "fills" && <FillsTable className="h-full" />}
            {view === "balances" && <BalancesTable className="h-full" />}
            {view === "log" && <LogList className="h-full" />}
          </>
        )}
      </TabPanel>
    </section>
  );
}
