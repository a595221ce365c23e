/** Single keys, off until somebody switches them on; never while one types. */
import { useEffect, useRef } from "react";
import { useNavigate } from "react-router";

import { useExchange } from "../gateway/exchange";
import { useSession } from "../gateway/session";
import { cancelAll } from "../orders/orders";
import { useSettings } from "../settings/settings";
import { useDraft, write } from "../ticket/draft";

interface Doors {
  openPalette: () => void;
  openHelp: () => void;
}

const PLACES: Record<string, string> = { t: "/trade", p: "/portfolio", o: "/orders", w: "/wallet" };
const SECOND_KEY_MS = 1_500;

export function useHotkeys({ openPalette, openHelp }: Doors): void {
  const go = useNavigate();
  const { socket } = useExchange();
  const isOn = useSettings((settings) => settings.hotkeys);
  const goAt = useRef(0);
  useEffect(() => {
    const single: Record<string, () => void> = {
      b: () => focusTicket("bid"),
      s: () => focusTicket("ask"),
      m: () => write({ type: useDraft.getState().type === "limit" ? "market" : "limit" }),
      j: () => walkBook(1),
      k: () => walkBook(-1),
      X: () => {
        const symbol = useSettings.getState().lastMarket;
        if (useSession.getState().state === "in" && symbol !== "") void cancelAll(socket, symbol);
      },
      "/": openPalette,
      "?": openHelp,
      g: () => void (goAt.current = performance.now()),
    };
    const press = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        openPalette();
        return;
      }
      if (!isOn || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const place = PLACES[event.key];
      if (place !== undefined && performance.now() - goAt.current < SECOND_KEY_MS) {
        goAt.current = 0;
        event.preventDefault();
        void go(place);
        return;
      }
      const run = single[event.key];
      if (run === undefined) return;
      event.preventDefault();
      run();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [go, socket, isOn, openPalette, openHelp]);
}

function isTyping(target: EventTarget | null): boolean {
  if (document.querySelector("dialog[open]") !== null) return true;
  return target instanceof HTMLElement && target.matches("input, select, textarea, [contenteditable]");
}

function focusTicket(side: "bid" | "ask"): void {
  write({ side });
  document.querySelector<HTMLInputElement>("form[aria-label^='Order in'] input")?.focus();
}

function walkBook(step: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-index]:not([aria-hidden])")];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const entry = rows.findIndex((row) => row.tabIndex === 0);
  rows[at === -1 ? entry : at + step]?.focus();
}
