import { useQuery, useQueryClient } from "@tanstack/react-query";

import { ask, reasonOf } from "../gateway/rest";
import { Button } from "../ui/button";
import { notify } from "../ui/notices";
import { Empty, Panel } from "../ui/panel";
import { Table } from "../ui/table";
import { moment } from "../ui/time";

interface SessionShape {
  session_id: string;
  kind: string;
  label: string;
  host: string;
  since: string;
  seen: string | null;
  is_this: boolean;
}

/** Where one is signed in; each can be ended from here. */
export function Sessions() {
  const client = useQueryClient();
  const { data, error } = useQuery({
    queryKey: ["sessions"],
    queryFn: () => ask<{ sessions: SessionShape[] }>("/api/sessions"),
  });
  const end = async (id: string): Promise<void> => {
    try {
      await ask(`/api/sessions/${id}`, undefined, "DELETE");
      notify({ key: "session", tone: "good", title: id === "all" ? "Every other session has ended" : "The session has ended" });
    } catch (fault) {
      notify({ key: "session", tone: "bad", title: "Not ended", text: reasonOf(fault) });
    }
    await client.invalidateQueries({ queryKey: ["sessions"] });
  };
  return (
    <Panel
      title="Sessions"
      aside={
        <Button size="small" look="danger" disabled={(data?.sessions.length ?? 0) < 2} onClick={() => void end("all")}>
          End all others
        </Button>
      }
    >
      <Table
        name="Sessions"
        rows={data?.sessions ?? []}
        rowKey={(row) => row.session_id}
        empty={<Empty>{error === null ? "Loading …" : reasonOf(error)}</Empty>}
        columns={[
          {
            key: "what",
            head: "Session",
            cell: (row) => (
              <>
                {row.label || row.kind} {row.is_this && <span className="ml-1 rounded bg-raised px-1.5 py-0.5 text-2xs text-up">This one</span>}
              </>
            ),
          },
          { key: "where", head: "Address", isExtra: true, cell: (row) => row.host },
          { key: "since", head: "Since", cell: (row) => <span className="text-soft">{moment(row.since)}</span> },
          { key: "seen", head: "Last seen", isExtra: true, cell: (row) => <span className="text-soft">{row.seen === null ? "–" : moment(row.seen)}</span> },
          {
            key: "end",
            head: <span className="sr-only">End</span>,
            isNumber: true,
            cell: (row) =>
              !row.is_this && (
                <Button size="small" onClick={() => void end(row.session_id)}>
                  End
                </Button>
              ),
          },
        ]}
      />
    </Panel>
  );
}
