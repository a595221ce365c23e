import { useRef, type KeyboardEvent, type ReactNode } from "react";

import { cx } from "./class-names";

export interface Tab<K extends string> {
  key: K;
  label: ReactNode;
}

interface Props<K extends string> {
  /** What the row of tabs is for, for those who do not see it. */
  name: string;
  tabs: readonly Tab<K>[];
  chosen: K;
  choose: (key: K) => void;
  /** Prefix of the ids that tie tabs to their panel. */
  id: string;
  className?: string;
}

/** A row of tabs; arrow keys, Home and End walk it, and the panel is a `TabPanel` with the same id. */
export function Tabs<K extends string>({ name, tabs, chosen, choose, id, className }: Props<K>) {
  const row = useRef<HTMLDivElement>(null);
  const walk = (event: KeyboardEvent): void => {
    const at = tabs.findIndex((tab) => tab.key === chosen);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = tabs[(to + tabs.length) % tabs.length];
    if (next === undefined) return;
    choose(next.key);
    row.current?.querySelector<HTMLElement>(`[data-key="${next.key}"]`)?.focus();
  };
  return (
    <div ref={row} role="tablist" aria-label={name} tabIndex={-1} onKeyDown={walk} className={cx("flex gap-0.5", className)}>
      {tabs.map((tab) => (
        <button
          key={tab.key}
          type="button"
          role="tab"
          id={`${id}-tab-${tab.key}`}
          data-key={tab.key}
          aria-selected={tab.key === chosen}
          aria-controls={`${id}-panel`}
          tabIndex={tab.key === chosen ? 0 : -1}
          onClick={() => choose(tab.key)}
          className={cx(
            "min-h-8 border-b-2 px-2.5 whitespace-nowrap transition-colors pointer-coarse:min-h-11",
            tab.key === chosen ? "border-accent text-ink" : "border-transparent text-muted hover:text-ink",
          )}
        >
          {tab.label}
        </button>
      ))}
    </div>
  );
}

export function TabPanel({
  id,
  chosen,
  className,
  children,
}: {
  id: string;
  chosen: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-tab-${chosen}`} tabIndex={-1} className={className}>
      {children}
    </div>
  );
}
