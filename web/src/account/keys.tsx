import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { ask, reasonOf } from "../gateway/rest";
import { useSession } from "../gateway/session";
import type { ConfirmationShape } from "../gateway/shapes";
import { Button } from "../ui/button";
import { Field, Switch } from "../ui/field";
import { notify } from "../ui/notices";
import { Empty, Panel } from "../ui/panel";
import { Table } from "../ui/table";
import { moment } from "../ui/time";
import { CodeDialog } from "./code-dialog";
import { enrolment, newKeyPair, toBase64 } from "./key-pair";

interface KeyShape {
  key_id: string;
  kind: string;
  label: string;
  scopes: string[];
  created_at: string;
  used_at: string | null;
  revoked_at: string | null;
}

/** Keys for programs. */
export function Keys() {
  const client = useQueryClient();
  const { data, error } = useQuery({ queryKey: ["keys"], queryFn: () => ask<{ keys: KeyShape[] }>("/api/keys") });
  const revoke = async (id: string): Promise<void> => {
    try {
      await ask(`/api/keys/${encodeURIComponent(id)}`, undefined, "DELETE");
      notify({ key: "key", tone: "good", title: "Key revoked" });
    } catch (fault) {
      notify({ key: "key", tone: "bad", title: "Not revoked", text: reasonOf(fault) });
    }
    await client.invalidateQueries({ queryKey: ["keys"] });
  };
  const keys = (data?.keys ?? []).filter((key) => key.revoked_at === null);
  return (
    <>
      <NewKey made={() => void client.invalidateQueries({ queryKey: ["keys"] })} />
      <Panel title="Keys">
        <Table
          name="Keys"
          rows={keys}
          rowKey={(key) => key.key_id}
          empty={<Empty>{data === undefined ? (error === null ? "Loading …" : reasonOf(error)) : "No keys yet"}</Empty>}
          columns={[
            { key: "label", head: "Name", cell: (key) => key.label || key.kind },
            { key: "id", head: "Id", isExtra: true, cell: (key) => <code className="text-xs">{key.key_id}</code> },
            { key: "scopes", head: "May", cell: (key) => key.scopes.filter((scope) => scope !== "public").join(", ") },
            { key: "created", head: "Made", isExtra: true, cell: (key) => <span className="text-soft">{moment(key.created_at)}</span> },
            { key: "used", head: "Last used", isExtra: true, cell: (key) => <span className="text-soft">{key.used_at === null ? "Never" : moment(key.used_at)}</span> },
            {
              key: "revoke",
              head: <span className="sr-only">Revoke</span>,
              isNumber: true,
              cell: (key) => (
                <Button size="small" look="danger" aria-label={`Revoke ${key.label || key.key_id}`} onClick={() => void revoke(key.key_id)}>
                  Revoke
                </Button>
              ),
            },
          ]}
        />
      </Panel>
    </>
  );
}

function NewKey({ made }: { made: () => void }) {
  const me = useSession((session) => session.me);
  const [label, setLabel] = useState("");
  const [mayTrade, setMayTrade] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [asked, setAsked] = useState<{ confirmation: ConfirmationShape; seed: string } | null>(null);
  const [shownKey, setShownKey] = useState<{ id: string; secret: string } | null>(null);
  if (me === null) return null;
  const create = async (): Promise<void> => {
    setProblem(null);
    try {
      const pair = await newKeyPair();
      const { confirmation } = await ask<{ confirmation: ConfirmationShape }>("/api/keys", {
        public_key: toBase64(pair.publicKey),
        signature: toBase64(await pair.sign(enrolment(me.server_key, me.owner))),
        label: label.trim(),
        scopes: mayTrade ? ["read", "trade"] : ["read"],
      });
      setAsked({ confirmation, seed: toBase64(pair.seed) });
    } catch (fault) {
      setProblem(reasonOf(fault));
    }
  };
  return (
    <Panel title="New key">
      <form
        className="flex flex-col gap-4 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <p className="text-soft">For programs. The secret is made in this browser and shown once; the exchange never sees it.</p>
        <Field label="Name" maxLength={40} value={label} problem={problem} onChange={(event) => setLabel(event.target.value)} />
        <Switch label="May trade" hint="Without it the key only reads." isOn={mayTrade} set={setMayTrade} />
        <Button type="submit" look="primary" className="self-start" disabled={label.trim() === ""}>
          Make a key
        </Button>
        {shownKey !== null && (
          <div className="rounded-md border border-warn p-3">
            <p className="pb-1 font-semibold">Keep the secret now: it is not shown again.</p>
            <dl className="grid grid-cols-1 gap-1">
            <dt className="text-xs text-muted">MX_API_KEY</dt>
            <dd>
              <code className="break-all">{shownKey.id}</code>
            </dd>
            <dt className="text-xs text-muted">MX_API_SECRET</dt>
            <dd>
              <code className="break-all">{shownKey.secret}</code>
            </dd>
            </dl>
          </div>
        )}
      </form>
      {asked !== null && (
        <CodeDialog
          confirmation={asked.confirmation}
          close={() => setAsked(null)}
          done={(answer) => {
            setShownKey({ id: String(answer["key_id"] ?? ""), secret: asked.seed });
            setAsked(null);
            setLabel("");
            made();
          }}
        />
      )}
    </Panel>
  );
}
