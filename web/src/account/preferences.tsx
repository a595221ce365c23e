import { change, LAYOUTS, useSettings, type Confirm, type Palette, type Preset } from "../settings/settings";
import { cx } from "../ui/class-names";
import { Field, Select, Switch } from "../ui/field";
import { Panel } from "../ui/panel";

const PALETTES: readonly (readonly [Palette, string, string])[] = [
  ["classic", "Classic", "Buying green, selling red"],
  ["colourblind", "Colour-blind", "Buying blue, selling orange"],
  ["inverted", "Red up", "Buying red, selling green"],
];
const CONFIRMS: readonly (readonly [Confirm, string])[] = [
  ["always", "Always"],
  ["over", "Over an amount"],
  ["never", "Never"],
];
const PRESETS: readonly (readonly [Preset, string])[] = [
  ["standard", "Standard"],
  ["swapped", "Book at the right"],
  ["ladder", "Wide book"],
];
const SPEEDS = [5, 10, 20, 30, 60] as const;
const SWATCHES: Record<Palette, readonly [string, string]> = {
  classic: ["bg-[#2ebd85]", "bg-[#f6465d]"],
  colourblind: ["bg-[#4d9fff]", "bg-[#ff9838]"],
  inverted: ["bg-[#f6465d]", "bg-[#2ebd85]"],
};

/** How the page looks and behaves in this browser. */
export function Preferences() {
  const settings = useSettings();
  return (
    <>
      <Panel title="Colours">
        <fieldset className="grid gap-2 p-4 sm:grid-cols-3">
          <legend className="sr-only">Colours of the sides</legend>
          {PALETTES.map(([palette, name, what]) => (
            <label
              key={palette}
              className={cx(
                "flex cursor-pointer flex-col gap-1 rounded-lg border p-3 focus-within:outline-2 focus-within:outline-accent",
                settings.palette === palette ? "border-accent bg-raised" : "border-line hover:bg-raised",
              )}
            >
              <span className="flex items-center gap-2">
                <input
                  type="radio"
                  name="palette"
                  className="accent-accent"
                  checked={settings.palette === palette}
                  onChange={() => change({ palette })}
                />
                {name}
                <span aria-hidden className="ml-auto flex gap-1">
                  {SWATCHES[palette].map((swatch) => (
                    <span key={swatch} className={cx("size-3 rounded-sm", swatch)} />
                  ))}
                </span>
              </span>
              <span className="text-xs text-muted">{what}</span>
            </label>
          ))}
        </fieldset>
      </Panel>
      <Panel title="Trading">
        <div className="flex flex-col gap-4 p-4">
          <div className="grid gap-4 sm:grid-cols-2">
            <Select label="Ask before an order is sent" value={settings.confirm} options={CONFIRMS} choose={(confirm) => change({ confirm })} />
            {settings.confirm === "over" && (
              <Field
                label="Ask from this amount on (EUR)"
                inputMode="decimal"
                value={settings.confirmOver}
                onChange={(event) => change({ confirmOver: event.target.value })}
              />
            )}
          </div>
          {settings.confirm === "never" && (
            <p className="text-xs text-warn">A price more than 5 % off the market is asked about all the same.</p>
          )}
          <Switch
            label="Hot keys"
            hint="Single keys to buy, sell, cancel and move about. Press ? for the list."
            isOn={settings.hotkeys}
            set={(hotkeys) => change({ hotkeys })}
          />
        </div>
      </Panel>
      <Panel title="Trade page">
        <div className="grid gap-4 p-4 sm:grid-cols-2">
          <Select label="Layout" value={settings.layout.preset} options={PRESETS} choose={(preset) => change({ layout: LAYOUTS[preset] })} />
          <Select
            label="Paints of the book a second"
            value={settings.bookHz}
            options={SPEEDS.map((hz) => [hz, String(hz)] as const)}
            choose={(bookHz) => change({ bookHz })}
          />
        </div>
      </Panel>
    </>
  );
}
