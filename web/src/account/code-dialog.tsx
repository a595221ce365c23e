import { useState } from "react";

import { ask, reasonOf } from "../gateway/rest";
import { useSession } from "../gateway/session";
import type { ConfirmationShape } from "../gateway/shapes";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";

interface Props {
  confirmation: ConfirmationShape;
  done: (answer: Record<string, unknown>) => void;
  close: () => void;
}

/** Asks for the code that the exchange mailed together with what it is for. */
export function CodeDialog({ confirmation: first, done, close }: Props) {
  const [confirmation, setConfirmation] = useState(first);
  const [code, setCode] = useState("");
  const [second, setSecond] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const hasTotp = useSession((session) => session.me?.totp === true);

  const send = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      const answer = await ask<Record<string, unknown>>("/api/confirm", {
        request_id: confirmation.request_id,
        code: code.replaceAll(/\s/g, ""),
        ...(hasTotp ? { second_factor: second.trim() } : {}),
      });
      // A change of address is confirmed at the new one too.
      const next = (answer["confirmation"] ?? null) as ConfirmationShape | null;
      if (next === null) done(answer);
      else {
        setConfirmation(next);
        setCode("");
      }
    } catch (fault) {
      setProblem(reasonOf(fault));
    }
    setBusy(false);
  };
  return (
    <Dialog title="Confirm by mail" close={close}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <p className="rounded-md bg-raised p-3 text-sm">{confirmation.text}</p>
        <p className="text-xs text-soft">
          The exchange has mailed you a code with the same words. If they differ, somebody is between you and it: do not go on.
        </p>
        <Field
          label="Code from the mail"
          inputMode="numeric"
          autoComplete="one-time-code"
          data-first
          value={code}
          problem={problem}
          onChange={(event) => setCode(event.target.value)}
        />
        {hasTotp && (
          <Field label="Code of your authenticator" inputMode="numeric" value={second} onChange={(event) => setSecond(event.target.value)} />
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={close}>Back</Button>
          <Button type="submit" look="primary" disabled={isBusy || code.trim() === ""}>
            Confirm
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
