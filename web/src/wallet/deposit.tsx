import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Copy } from "lucide-react";
import { useState } from "react";

import { ask, reasonOf } from "../gateway/rest";
import { Decimal } from "../money/decimal";
import { shown } from "../orders/words";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { notify } from "../ui/notices";

/** Where to send an asset; in a demo somebody sends some. */
export function Deposit({ asset }: { asset: string }) {
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

function useIsDemo(): boolean {
  const { data } = useQuery({ queryKey: ["status"], queryFn: () => ask<{ demo: boolean }>("/api/status"), staleTime: Infinity });
  return data?.demo === true;
}
