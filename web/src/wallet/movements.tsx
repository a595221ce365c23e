import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { ask, reasonOf } from "../gateway/rest";
import { shown } from "../orders/words";
import { Button } from "../ui/button";
import { notify } from "../ui/notices";
import { Empty } from "../ui/panel";
import { TabPanel, Tabs } from "../ui/tabs";
import { Table } from "../ui/table";
import { moment } from "../ui/time";

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

/** What came in and what went out. */
export function Movements() {
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
