import { useState } from "react";

import { ask, reasonOf } from "../gateway/rest";
import { signOut, useSession, whoAmI } from "../gateway/session";
import type { ConfirmationShape } from "../gateway/shapes";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { notify } from "../ui/notices";
import { Panel } from "../ui/panel";
import { day } from "../ui/time";
import { CodeDialog } from "./code-dialog";

export function General() {
  const me = useSession((session) => session.me);
  if (me === null) return null;
  return (
    <>
      <Panel title="You">
        <dl className="grid gap-x-8 gap-y-3 p-4 sm:grid-cols-2">
          <Fact name="E-mail" value={me.email} />
          <Fact name="Account" value={me.account} />
          <Fact name="Id" value={me.id} />
          <Fact name="Since" value={day(new Date(me.created_at))} />
        </dl>
      </Panel>
      <EmailChange />
      <Panel title="This browser">
        <div className="flex items-center justify-between gap-4 p-4">
          <p className="text-soft">Ends this session, here and in every tab.</p>
          <Button onClick={() => void signOut()}>Sign out</Button>
        </div>
      </Panel>
    </>
  );
}

const Fact = ({ name, value }: { name: string; value: string }) => (
  <div className="min-w-0">
    <dt className="text-xs text-muted">{name}</dt>
    <dd className="break-all">{value}</dd>
  </div>
);

function EmailChange() {
  const [email, setEmail] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [confirmation, setConfirmation] = useState<ConfirmationShape | null>(null);
  const send = async (): Promise<void> => {
    setProblem(null);
    try {
      setConfirmation((await ask<{ confirmation: ConfirmationShape }>("/api/email", { email: email.trim() })).confirmation);
    } catch (fault) {
      setProblem(reasonOf(fault));
    }
  };
  return (
    <Panel title="Change your e-mail address">
      <form
        className="flex flex-col gap-3 p-4 sm:flex-row sm:items-start"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Field
          className="flex-1"
          label="New address"
          type="email"
          value={email}
          problem={problem}
          hint="A code goes to the old address, and another to the new one."
          onChange={(event) => setEmail(event.target.value)}
        />
        <Button type="submit" className="sm:mt-6" disabled={email.trim() === ""}>
          Change
        </Button>
      </form>
      {confirmation !== null && (
        <CodeDialog
          confirmation={confirmation}
          close={() => setConfirmation(null)}
          done={() => {
            setConfirmation(null);
            setEmail("");
            notify({ key: "email", tone: "good", title: "E-mail address changed" });
            void whoAmI();
          }}
        />
      )}
    </Panel>
  );
}
