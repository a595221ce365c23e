import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { ask, reasonOf, Refusal } from "../gateway/rest";
import { shown } from "../orders/words";
import { Button } from "../ui/button";
import { notify } from "../ui/notices";
import { Panel } from "../ui/panel";
import { span } from "../ui/time";
import { useNow } from "../ui/use-now";

interface FaucetShape {
  available: boolean;
  asset: string;
  amount_per_claim: string;
  next_claim_at: string | null;
  cooldown_hours: number;
}

/** Free coins of a demo, once in a while. */
export function Faucet() {
  const client = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const { data, error } = useQuery({ queryKey: ["faucet"], queryFn: () => ask<FaucetShape>("/api/faucet/status") });
  const now = useNow();
  const next = data?.next_claim_at ?? null;
  const left = next === null ? 0 : Math.max(0, Date.parse(next) - now);
  if (data === undefined) return error instanceof Refusal && error.status === 404 ? null : <Panel title="Faucet"><p className="p-4 text-muted">{error === null ? "Loading …" : reasonOf(error)}</p></Panel>;

  const claim = async (): Promise<void> => {
    setBusy(true);
    try {
      const { amount, asset } = await ask<{ amount: string; asset: string }>("/api/faucet/claim", { asset: data.asset });
      notify({ key: "faucet", tone: "good", title: "Claimed", text: `${shown(amount)} ${asset}` });
    } catch (fault) {
      notify({ key: "faucet", tone: "bad", title: "Nothing claimed", text: reasonOf(fault) });
    }
    setBusy(false);
    await client.invalidateQueries({ queryKey: ["faucet"] });
  };
  const mayClaim = data.available || left === 0;
  return (
    <Panel title="Faucet">
      <div className="flex flex-col gap-3 p-4">
        <p className="text-soft">
          {shown(data.amount_per_claim)} {data.asset}, free, every {data.cooldown_hours} hours.
        </p>
        <Button look="primary" disabled={!mayClaim || isBusy} onClick={() => void claim()}>
          {mayClaim ? `Claim ${shown(data.amount_per_claim)} ${data.asset}` : `Again in ${span(left)}`}
        </Button>
      </div>
    </Panel>
  );
}
