import { useState } from "react";
import { Link, Navigate, useSearchParams } from "react-router";

import { ask, reasonOf, Refusal } from "../gateway/rest";
import { useSession, whoAmI } from "../gateway/session";
import { Button } from "../ui/button";
import { Field } from "../ui/field";

interface Sent {
  message: string;
  request_id: string;
  expires_at: string;
}

/** By a code that is mailed: there are no passwords. */
export default function SigningPage({ kind }: { kind: "in" | "up" }) {
  const [search] = useSearchParams();
  const { state, notice } = useSession();
  const [email, setEmail] = useState("");
  const [sent, setSent] = useState<Sent | null>(null);
  if (state === "in") return <Navigate replace to={pathOf(search.get("next"))} />;
  return (
    <div className="mx-auto flex w-full max-w-sm flex-1 flex-col justify-center gap-5 px-4 py-10">
      <div className="text-center">
        <h1 className="text-2xl font-semibold tracking-tight">{kind === "in" ? "Sign in" : "Create an account"}</h1>
        <p className="mt-1 text-soft">
          {sent === null ? "We mail you a code. There is no password to remember or to lose." : `We have mailed a code to ${email}.`}
        </p>
      </div>
      {notice !== null && sent === null && <p className="rounded-md border border-warn p-3 text-warn">{notice}</p>}
      <div className="rounded-xl border border-line bg-panel p-5">
        {sent === null ? (
          <EmailForm
            email={email}
            setEmail={setEmail}
            taken={(answer) => setSent(answer)}
          />
        ) : (
          <CodeForm key={sent.request_id} kind={kind} email={email} sent={sent} again={setSent} other={() => setSent(null)} />
        )}
      </div>
      <p className="text-center text-muted">
        {kind === "in" ? "New here? " : "Already have an account? "}
        <Link to={kind === "in" ? "/signup" : "/signin"} className="text-accent underline underline-offset-2">
          {kind === "in" ? "Create an account" : "Sign in"}
        </Link>
      </p>
    </div>
  );
}

/** Only ever a path of this page. */
function pathOf(next: string | null): string {
  return next !== null && /^\/(?!\/)/.test(next) ? next : "/";
}

const requestCode = (email: string): Promise<Sent> => ask<Sent>("/auth/request-otp", { email: email.trim() });

function EmailForm({ email, setEmail, taken }: { email: string; setEmail: (email: string) => void; taken: (sent: Sent) => void }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const send = async (): Promise<void> => {
    if (!/^\S+@\S+$/.test(email.trim())) {
      setProblem("Enter an e-mail address");
      return;
    }
    setBusy(true);
    try {
      taken(await requestCode(email));
    } catch (fault) {
      setProblem(reasonOf(fault));
      setBusy(false);
    }
  };
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Field
        label="E-mail address"
        type="email"
        name="email"
        autoComplete="email"
        autoFocus
        value={email}
        problem={problem}
        onChange={(event) => setEmail(event.target.value)}
      />
      <Button type="submit" look="primary" size="large" disabled={isBusy}>
        {isBusy ? "Sending …" : "Mail me a code"}
      </Button>
    </form>
  );
}

interface CodeProps {
  kind: "in" | "up";
  email: string;
  sent: Sent;
  again: (sent: Sent) => void;
  other: () => void;
}

function CodeForm({ kind, email, sent, again, other }: CodeProps) {
  const [code, setCode] = useState("");
  const [second, setSecond] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const send = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await ask(kind === "in" ? "/auth/verify-otp" : "/auth/signup", {
        email: email.trim(),
        code: code.replaceAll(/\D/g, ""),
        request_id: sent.request_id,
        ...(second === null ? {} : { second_factor: second.trim() }),
      });
      await whoAmI();
    } catch (fault) {
      if (fault instanceof Refusal && fault.code === "E_SECOND_FACTOR" && second === null) setSecond("");
      setProblem(reasonOf(fault));
      setBusy(false);
    }
  };
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Field
        label="Code from the mail"
        inputMode="numeric"
        autoComplete="one-time-code"
        autoFocus
        className="[&_input]:text-center [&_input]:text-xl [&_input]:tracking-[0.4em]"
        value={code}
        problem={problem}
        hint={`Valid until ${new Date(sent.expires_at).toTimeString().slice(0, 5)}.`}
        onChange={(event) => setCode(event.target.value)}
      />
      {second !== null && (
        <Field label="Code of your authenticator" inputMode="numeric" value={second} onChange={(event) => setSecond(event.target.value)} />
      )}
      <Button type="submit" look="primary" size="large" disabled={isBusy || code.trim() === ""}>
        {isBusy ? "Checking …" : kind === "in" ? "Sign in" : "Create account"}
      </Button>
      <div className="flex justify-between">
        <Button look="quiet" size="small" onClick={other}>
          Use a different e-mail
        </Button>
        <Button
          look="quiet"
          size="small"
          onClick={() => void requestCode(email).then(again, (fault: unknown) => setProblem(reasonOf(fault)))}
        >
          Mail another code
        </Button>
      </div>
    </form>
  );
}
