/** What a person chose about the page, kept in this browser. Nothing here is a secret. */
import { create } from "zustand";
import { persist } from "zustand/middleware";

export type Palette = "classic" | "colourblind" | "inverted";
export type Confirm = "always" | "over" | "never";
export type Preset = "standard" | "swapped" | "ladder";

export interface Layout {
  preset: Preset;
  /** Pixels. */
  bookWidth: number;
  ticketWidth: number;
  bottomHeight: number;
}

export interface Settings {
  palette: Palette;
  confirm: Confirm;
  /** Decimal text in the quote asset; `over` asks from this notional on. */
  confirmOver: string;
  hotkeys: boolean;
  /** Paints of the book a second. */
  bookHz: number;
  layout: Layout;
  /** Grouping of the book in ticks, by symbol. */
  groups: Record<string, number>;
  interval: string;
  chartStyle: "candles" | "line";
  indicators: { ema: boolean; vwap: boolean };
  lastMarket: string;
}

export const LAYOUTS: Record<Preset, Layout> = {
  standard: { preset: "standard", bookWidth: 300, ticketWidth: 312, bottomHeight: 260 },
  swapped: { preset: "swapped", bookWidth: 300, ticketWidth: 312, bottomHeight: 260 },
  ladder: { preset: "ladder", bookWidth: 420, ticketWidth: 300, bottomHeight: 200 },
};

export const DEFAULTS: Settings = {
  palette: "classic",
  confirm: "over",
  confirmOver: "5000",
  hotkeys: false,
  bookHz: 10,
  layout: LAYOUTS.standard,
  groups: {},
  interval: "1m",
  chartStyle: "candles",
  indicators: { ema: true, vwap: true },
  lastMarket: "",
};

export const useSettings = create<Settings>()(
  persist(() => ({ ...DEFAULTS, palette: paletteOfSystem() }), { name: "mexchange-settings", version: 1 }),
);

export function change(part: Partial<Settings>): void {
  useSettings.setState(part);
}

/** Someone who asks the system for more contrast gets sides that do not rest on red and green. */
function paletteOfSystem(): Palette {
  return globalThis.matchMedia?.("(prefers-contrast: more)").matches ? "colourblind" : "classic";
}
