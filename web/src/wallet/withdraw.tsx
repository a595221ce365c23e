import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { CodeDialog } from "../account/code-dialog";
import { ask, reasonOf } from "../gateway/rest";
import type { ConfirmationShape } from "../gateway/shapes";
import { useMarkets } from "../market/markets";
import { Decimal } from "../money/decimal";
import { shown } from "../orders/words";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { notify } from "../ui/notices";
import { useAvailable } from "./balances";

const SHARES = [25, 50, 75, 100] as const;

/** So much of an asset to an address, confirmed by a mailed code. */
export function Withdraw({ asset }: { asset: string }) {
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
