import type { ReactNode } from "react";

import { cx } from "./class-names";

/** A card of the page with a heading. */
export function Panel({
  title,
  aside,
  className,
  children,
}: {
  title: string;
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section aria-label={title} className={cx("rounded-xl border border-line bg-panel", className)}>
      <div className="flex min-h-12 flex-wrap items-center justify-between gap-2 border-b border-line px-4 py-2">
        <h2 className="text-sm font-semibold">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** What stands where a list would be. */
export function Empty({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={cx("flex flex-col items-center gap-2 px-4 py-8 text-center text-muted", className)}>{children}</div>;
}

/** A page of its own, as wide as is good to read. */
export function Page({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <div className="mx-auto flex w-full max-w-6xl flex-col gap-4 px-3 py-4 sm:px-6 sm:py-6">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {aside}
      </div>
      {children}
    </div>
  );
}
