import { CircleAlert, CircleCheck, Info, X } from "lucide-react";

import { cx } from "./class-names";
import { dismiss, hold, release, useNotices, type Tone } from "./notices";

const ICONS: Record<Tone, typeof Info> = { info: Info, good: CircleCheck, bad: CircleAlert };
const COLOURS: Record<Tone, string> = { info: "text-accent", good: "text-up", bad: "text-down" };

/** Toasts, and the two regions that speak. They stay in the page, so that readers know them before they say anything. */
export function Toaster() {
  const toasts = useNotices((notices) => notices.toasts);
  const spoken = useNotices((notices) => notices.spoken);
  const alert = useNotices((notices) => notices.alert);
  return (
    <>
      <div role="status" aria-live="polite" className="sr-only" data-testid="spoken">
        {spoken}
      </div>
      <div role="alert" className="sr-only">
        {alert}
      </div>
      <section
        aria-label="Notifications"
        className="pointer-events-none fixed inset-x-2 top-14 z-50 flex flex-col items-end gap-2 md:inset-x-auto md:top-auto md:right-4 md:bottom-10 md:w-80"
      >
        {toasts.map((toast) => {
          const Icon = ICONS[toast.tone];
          return (
            <div
              key={toast.key}
              data-testid="toast"
              role="group"
              aria-label={toast.title}
              onPointerEnter={() => hold(toast.key)}
              onPointerLeave={() => release(toast.key)}
              onFocus={() => hold(toast.key)}
              onBlur={() => release(toast.key)}
              className="fade-in pointer-events-auto flex w-full items-start gap-2.5 rounded-lg border border-line bg-raised py-2.5 pr-1.5 pl-3 shadow-2xl"
            >
              <Icon size={16} aria-hidden className={cx("mt-0.5 shrink-0", COLOURS[toast.tone])} />
              <div className="min-w-0 flex-1">
                <p className="font-semibold">{toast.title}</p>
                {toast.text && <p className="text-xs break-words text-soft">{toast.text}</p>}
              </div>
              {toast.action && (
                <button
                  type="button"
                  className="min-h-8 rounded-md px-2 text-xs font-semibold text-accent hover:bg-lifted pointer-coarse:min-h-11"
                  onClick={() => {
                    toast.action?.run();
                    dismiss(toast.key);
                  }}
                >
                  {toast.action.label}
                </button>
              )}
              <button
                type="button"
                aria-label={`Close: ${toast.title}`}
                className="flex size-7 shrink-0 items-center justify-center rounded-md text-muted hover:bg-lifted hover:text-ink pointer-coarse:size-11"
                onClick={() => dismiss(toast.key)}
              >
                <X size={14} aria-hidden />
              </button>
            </div>
          );
        })}
      </section>
    </>
  );
}
