import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Copy } from "lucide-react";
import { useState } from "react";

import { CodeDialog } from "../account/code-dialog";
import { ask, reasonOf } from "../gateway/rest";
import type { ConfirmationShape } from "../gateway/shapes";
import { useMarkets } from "../market/markets";
import { Decimal } from "../money/decimal";
import { shown } from "../orders/words";
import { Button } from "../ui/button";
import { Field, Select } from "../ui/field";
import { notify } from "../ui/notices";
import { Empty, Page, Panel } from "../ui/panel";
import { TabPanel, Tabs } from "../ui/tabs";
import { Table } from "../ui/table";
import { moment } from "../ui/time";
import { BalancesTable } from "./balances-table";
import { useAvailable } from "./balances";
import { Faucet } from "./faucet";

interface DepositShape {
  reference: string;
  asset: string;
  amount: string;
  confirmations: number;
  needed: number;
  state: string;
  seen_at: string;
}
interface WithdrawalShape {
  request_id: string;
  asset: string;
  amount: string;
  address: string;
  state: string;
  created_at: string;
  reason: string | null;
}

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

function Deposit({ asset }: { asset: string }) {
  const client = useQueryClient();
  const isDemo = useIsDemo();
  const [amount, setAmount] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const { data, error } = useQuery({
    queryKey: ["address", asset],
    queryFn: () => ask<{ address: string; confirmations: number }>(`/api/wallet/address?asset=${asset}`),
    staleTime: Infinity,
  });
  const pretend = async (): Promise<void> => {
    setProblem(null);
    if (Decimal.parse(amount)?.isPositive !== true) {
      setProblem("The amount must be a positive number");
      return;
    }
    try {
      await ask("/api/balances/deposit", { asset, amount });
      setAmount("");
      notify({ key: "deposit", tone: "good", title: "Deposit seen", text: `${shown(amount)} ${asset}, credited after some confirmations` });
      await client.invalidateQueries({ queryKey: ["deposits"] });
    } catch (fault) {
      setProblem(reasonOf(fault));
    }
  };
  return (
    <>
      <div>
        <p className="text-xs text-soft">Your address for {asset}</p>
        {data === undefined ? (
          <p className="py-2 text-muted">{error === null ? "Loading …" : reasonOf(error)}</p>
        ) : (
          <div className="mt-1 flex items-center gap-1 rounded-md border border-line bg-ground pl-3">
            <code className="min-w-0 flex-1 py-2 text-xs break-all">{data.address}</code>
            <button
              type="button"
              aria-label="Copy the address"
              onClick={() => {
                void navigator.clipboard.writeText(data.address);
                notify({ key: "copied", tone: "info", title: "Address copied" });
              }}
              className="flex size-9 shrink-0 items-center justify-center rounded-md text-muted hover:text-ink pointer-coarse:size-11"
            >
              <Copy size={14} aria-hidden />
            </button>
          </div>
        )}
        {data !== undefined && (
          <p className="mt-1 text-xs text-muted">
            Credited after {data.confirmations} {data.confirmations === 1 ? "confirmation" : "confirmations"}. Send {asset} only.
          </p>
        )}
      </div>
      {isDemo && (
        <form
          className="flex flex-col gap-2 border-t border-line pt-3"
          onSubmit={(event) => {
            event.preventDefault();
            void pretend();
          }}
        >
          <p className="text-xs text-soft">This is a demo: its network is pretended, and so is what you send here.</p>
          <Field label={`Amount (${asset})`} inputMode="decimal" value={amount} problem={problem} onChange={(event) => setAmount(event.target.value)} />
          <Button type="submit" look="primary">
            Send a pretended deposit
          </Button>
        </form>
      )}
    </>
  );
}

const SHARES = [25, 50, 75, 100] as const;

function Withdraw({ asset }: { asset: string }) {
  const client = useQueryClient();
  const available = useAvailable(asset);
  const scale = useMarkets(({ assets }) => assets.find(({ symbol }) => symbol === asset)?.scale ?? 8);
  const [amount, setAmount] = useState("");
  const [address, setAddress] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [confirmation, setConfirmation] = useState<ConfirmationShape | null>(null);
  const wanted = Decimal.parse(amount);
  const send = async (): Promise<void> => {
    setProblem(null);
    if (wanted?.isPositive !== true) return setProblem("The amount must be a positive number");
    if (available !== null && wanted.compare(available) > 0) return setProblem(`Only ${available.trimmed().show()} ${asset} available`);
    if (address.trim() === "") return setProblem("Enter the address that it goes to");
    try {
      const answer = await ask<{ confirmation: ConfirmationShape }>("/api/wallet/withdrawals", {
        asset,
        amount: wanted.toString(),
        address: address.trim(),
      });
      setConfirmation(answer.confirmation);
    } catch (fault) {
      setProblem(reasonOf(fault));
    }
  };
  return (
    <>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Field label="To address" value={address} onChange={(event) => setAddress(event.target.value)} />
        <Field
          label={`Amount (${asset})`}
          inputMode="decimal"
          value={amount}
          problem={problem}
          hint={available === null ? undefined : `${available.trimmed().show()} ${asset} available`}
          onChange={(event) => setAmount(event.target.value)}
        />
        <div role="group" aria-label="Share of what is available" className="grid grid-cols-4 gap-1.5">
          {SHARES.map((share) => (
            <Button
              key={share}
              size="small"
              disabled={available === null}
              onClick={() => setAmount(available?.times(Decimal.of(BigInt(share), 2)).floor(scale).trimmed().toString() ?? "")}
            >
              {share} %
            </Button>
          ))}
        </div>
        <Button type="submit" look="primary">
          Withdraw
        </Button>
        <p className="text-xs text-muted">The exchange mails you a code with amount and address. Nothing moves before you enter it.</p>
      </form>
      {confirmation !== null && (
        <CodeDialog
          confirmation={confirmation}
          close={() => setConfirmation(null)}
          done={() => {
            setConfirmation(null);
            setAmount("");
            notify({ key: "withdrawal", tone: "good", title: "Withdrawal confirmed", text: `${shown(amount)} ${asset}` });
            void client.invalidateQueries({ queryKey: ["withdrawals"] });
          }}
        />
      )}
    </>
  );
}

/** What came in and what went out. */
function Movements() {
  const client = useQueryClient();
  const [view, setView] = useState<"deposits" | "withdrawals">("deposits");
  const deposits = useQuery({
    queryKey: ["deposits"],
    queryFn: () => ask<{ deposits: DepositShape[] }>("/api/wallet/deposits?limit=50"),
    refetchInterval: 5_000,
  });
  const withdrawals = useQuery({
    queryKey: ["withdrawals"],
    queryFn: () => ask<{ withdrawals: WithdrawalShape[] }>("/api/wallet/withdrawals?limit=50"),
    refetchInterval: 5_000,
  });
  const cancel = async (requestId: string): Promise<void> => {
    try {
      await ask("/api/wallet/withdrawals/cancel", { request_id: requestId });
    } catch (fault) {
      notify({ key: "cancel-withdrawal", tone: "bad", title: "Not cancelled", text: reasonOf(fault) });
    }
    await client.invalidateQueries({ queryKey: ["withdrawals"] });
  };
  return (
    <section aria-label="Movements" className="rounded-xl border border-line bg-panel">
      <Tabs
        name="Movements"
        id="movements"
        className="border-b border-line px-2"
        tabs={[
          { key: "deposits", label: "Deposits" },
          { key: "withdrawals", label: "Withdrawals" },
        ]}
        chosen={view}
        choose={setView}
      />
      <TabPanel id="movements" chosen={view}>
        {view === "deposits" ? (
          <Table
            name="Deposits"
            rows={deposits.data?.deposits ?? []}
            rowKey={(row) => `${row.reference} ${row.asset}`}
            empty={<Empty>{deposits.isPending ? "Loading …" : "No deposits yet"}</Empty>}
            columns={[
              { key: "time", head: "Time", cell: (row) => <span className="text-soft">{moment(row.seen_at)}</span> },
              { key: "amount", head: "Amount", isNumber: true, cell: (row) => `${shown(row.amount)} ${row.asset}` },
              { key: "state", head: "State", cell: (row) => <State state={row.state} /> },
              { key: "confirmations", head: "Confirmations", isNumber: true, isExtra: true, cell: (row) => `${Math.min(row.confirmations, row.needed)} of ${row.needed}` },
            ]}
          />
        ) : (
          <Table
            name="Withdrawals"
            rows={withdrawals.data?.withdrawals ?? []}
            rowKey={(row) => row.request_id}
            empty={<Empty>{withdrawals.isPending ? "Loading …" : "No withdrawals yet"}</Empty>}
            columns={[
              { key: "time", head: "Time", cell: (row) => <span className="text-soft">{moment(row.created_at)}</span> },
              { key: "amount", head: "Amount", isNumber: true, cell: (row) => `${shown(row.amount)} ${row.asset}` },
              { key: "to", head: "To", isExtra: true, cell: (row) => <code className="text-xs">{row.address}</code> },
              { key: "state", head: "State", cell: (row) => <State state={row.state} /> },
              {
                key: "actions",
                head: <span className="sr-only">Cancel</span>,
                isNumber: true,
                cell: (row) =>
                  isCancellable(row.state) && (
                    <Button size="small" onClick={() => void cancel(row.request_id)}>
                      Cancel
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </TabPanel>
    </section>
  );
}

const isCancellable = (state: string): boolean => ["requested", "confirmed", "approval", "held", "pending"].includes(state);

const State = ({ state }: { state: string }) => <span className="capitalize">{state.replaceAll("_", " ").toLowerCase()}</span>;

function useIsDemo(): boolean {
  const { data } = useQuery({ queryKey: ["status"], queryFn: () => ask<{ demo: boolean }>("/api/status"), staleTime: Infinity });
  return data?.demo === true;
}
