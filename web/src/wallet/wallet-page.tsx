import { useState } from "react";

import { useMarkets } from "../market/markets";
import { Select } from "../ui/field";
import { Page, Panel } from "../ui/panel";
import { TabPanel, Tabs } from "../ui/tabs";
import { BalancesTable } from "./balances-table";
import { Deposit } from "./deposit";
import { Faucet } from "./faucet";
import { Movements } from "./movements";
import { Withdraw } from "./withdraw";

/** Money in and out. */
export default function WalletPage() {
  const [view, setView] = useState<"deposit" | "withdraw">("deposit");
  const assets = useMarkets((markets) => markets.assets);
  const [asset, setAsset] = useState("EUR");
  return (
    <Page title="Wallet">
      <div className="grid items-start gap-4 lg:grid-cols-[1fr_22rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <Panel title="Balances">
            <BalancesTable />
          </Panel>
          <Movements />
        </div>
        <div className="flex flex-col gap-4">
          <section aria-label="Deposit and withdraw" className="rounded-xl border border-line bg-panel">
            <Tabs
              name="Deposit or withdraw"
              id="wallet"
              className="border-b border-line px-2"
              tabs={[
                { key: "deposit", label: "Deposit" },
                { key: "withdraw", label: "Withdraw" },
              ]}
              chosen={view}
              choose={setView}
            />
            <TabPanel id="wallet" chosen={view} className="flex flex-col gap-4 p-4">
              <Select
                label="Asset"
                value={asset}
                options={(assets.length > 0 ? assets.map(({ symbol }) => symbol) : [asset]).map((symbol) => [symbol, symbol] as const)}
                choose={setAsset}
              />
              {view === "deposit" ? <Deposit key={asset} asset={asset} /> : <Withdraw key={asset} asset={asset} />}
            </TabPanel>
          </section>
          <Faucet />
        </div>
      </div>
    </Page>
  );
}
