import { useSyncExternalStore } from "react";

/** Whether a media query holds now. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    () => matchMedia(query).matches,
  );
}

/** Three layouts: one column, two, and the whole desk. */
export type Space = "phone" | "tablet" | "desk";

export function useSpace(): Space {
  const isWide = useMedia("(min-width: 64rem)");
  const isMiddle = useMedia("(min-width: 48rem)");
  return isWide ? "desk" : isMiddle ? "tablet" : "phone";
}
