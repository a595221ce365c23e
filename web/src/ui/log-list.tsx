import { clock } from "./time";
import { cx } from "./class-names";
import { useNotices } from "./notices";
import { Empty } from "./panel";

/** Everything that was told since the page was opened. */
export function LogList({ className }: { className?: string }) {
  const log = useNotices((notices) => notices.log);
  if (log.length === 0) return <Empty>Nothing has happened yet</Empty>;
  return (
    <div className={cx("scroll-area", className)} tabIndex={0} role="region" aria-label="Log">
      <ol className="px-4 py-1">
        {log.map((entry) => (
          <li key={`${entry.key} ${entry.at}`} className="flex gap-3 border-b border-line/60 py-1.5 last:border-0">
            <span className="text-muted">{clock(new Date(entry.at))}</span>
            <span>
              <span className={cx(entry.tone === "bad" && "text-down")}>{entry.title}</span>
              {entry.text && <span className="text-soft"> · {entry.text}</span>}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
