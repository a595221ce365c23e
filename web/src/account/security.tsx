import { useState } from "react";

import { ask, reasonOf } from "../gateway/rest";
import { useSession, whoAmI } from "../gateway/session";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Panel } from "../ui/panel";

/** A second factor: codes of an authenticator, asked for beside the mailed ones. */
export function Security() {
  const me = useSession((session) => session.me);
  const [setup, setSetup] = useState<{ uri: string; secret: string } | null>(null);
  const [code, setCode] = useState("");
  const [backup, setBackup] = useState<string[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const attempt = async (run: () => Promise<void>): Promise<void> => {
    setProblem(null);
    try {
      await run();
      setCode("");
    } catch (fault) {
      setProblem(reasonOf(fault));
    }
  };
  if (me === null) return null;
  return (
    <Panel title="Authenticator" aside={<span className={me.totp ? "text-up" : "text-muted"}>{me.totp ? "On" : "Off"}</span>}>
      <div className="flex flex-col gap-3 p-4">
        <p className="text-soft">
          A code of an app on your phone, asked for at each sign-in and withdrawal. Whoever reads your mail is then not enough.
        </p>
        {backup !== null && (
          <div className="rounded-md border border-warn p-3">
            <p className="font-semibold">Keep these. Each lets you in once without your phone, and they are not shown again.</p>
            <ul className="mt-2 grid grid-cols-2 gap-1 sm:grid-cols-4">
              {backup.map((word) => (
                <li key={word}>
                  <code>{word}</code>
                </li>
              ))}
            </ul>
          </div>
        )}
        {!me.totp && setup === null && (
          <Button
            className="self-start"
            look="primary"
            onClick={() => void attempt(async () => setSetup(await ask("/api/totp/begin", {})))}
          >
            Set up an authenticator
          </Button>
        )}
        {setup !== null && (
          <div className="rounded-md bg-raised p-3">
            <p>
              Enter this secret into the app, or{" "}
              <a href={setup.uri} className="text-accent underline underline-offset-2">
                open it there
              </a>
              :
            </p>
            <code className="mt-1 block break-all">{setup.secret}</code>
          </div>
        )}
        {(setup !== null || me.totp) && (
          <form
            className="flex flex-col gap-3 sm:flex-row sm:items-start"
            onSubmit={(event) => {
              event.preventDefault();
              void attempt(async () => {
                if (setup !== null) {
                  setBackup((await ask<{ backup_codes: string[] }>("/api/totp/enable", { code: code.trim() })).backup_codes);
                  setSetup(null);
                } else {
                  await ask("/api/totp/disable", { second_factor: code.trim() });
                  setBackup(null);
                }
                await whoAmI();
              });
            }}
          >
            <Field className="flex-1" label="Code of the app" inputMode="numeric" value={code} problem={problem} onChange={(event) => setCode(event.target.value)} />
            <Button type="submit" className="sm:mt-6" look={setup === null ? "danger" : "primary"} disabled={code.trim() === ""}>
              {setup === null ? "Switch off" : "Switch on"}
            </Button>
          </form>
        )}
        {setup === null && !me.totp && problem !== null && <p className="text-xs text-down">{problem}</p>}
      </div>
    </Panel>
  );
}
