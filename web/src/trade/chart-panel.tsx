import { lazy, Suspense, useState } from "react";

import { INTERVALS } from "../chart/candles";
import type { Market } from "../market/market";
import type { Decimal } from "../money/decimal";
import { change, useSettings } from "../settings/settings";
import { cx } from "../ui/class-names";
import { Select } from "../ui/field";
import { TabPanel, Tabs } from "../ui/tabs";

const PriceChart = lazy(() => import("../chart/price-chart"));
const CandleTable = lazy(() => import("../chart/candle-table"));
const DepthChart = lazy(() => import("../depth/depth-chart"));

type View = "price" | "depth" | "table";

/** Price, depth, or the candles as a table. */
export function ChartPanel({ market, pick }: { market: Market; pick: (price: Decimal) => void }) {
  const [view, setView] = useState<View>("price");
  const { interval, chartStyle, indicators } = useSettings();
  return (
    <section aria-label="Chart" className="flex h-full min-h-0 flex-col bg-panel">
      <div className="flex min-h-9 shrink-0 flex-wrap items-center justify-between gap-x-3 border-b border-line px-1">
        <Tabs
          name="Chart"
          id="chart"
          tabs={[
            { key: "price", label: "Price" },
            { key: "depth", label: "Depth" },
            { key: "table", label: "Table" },
          ]}
          chosen={view}
          choose={setView}
        />
        {view !== "depth" && (
          <div className="flex items-center gap-2 pr-2">
            <div role="group" aria-label="Interval" className="hidden sm:flex">
              {INTERVALS.map((choice) => (
                <Toggle key={choice} isOn={choice === interval} toggle={() => change({ interval: choice })}>
                  {choice}
                </Toggle>
              ))}
            </div>
            <Select
              className="sm:hidden"
              label="Interval"
              isLabelHidden
              value={interval}
              options={INTERVALS.map((choice) => [choice, choice] as const)}
              choose={(choice) => change({ interval: choice })}
            />
            {view === "price" && (
              <div role="group" aria-label="Lines" className="flex">
                <Toggle
                  isOn={chartStyle === "line"}
                  toggle={() => change({ chartStyle: chartStyle === "line" ? "candles" : "line" })}
                >
                  Line
                </Toggle>
                <Toggle isOn={indicators.ema} toggle={() => change({ indicators: { ...indicators, ema: !indicators.ema } })}>
                  EMA
                </Toggle>
                <Toggle isOn={indicators.vwap} toggle={() => change({ indicators: { ...indicators, vwap: !indicators.vwap } })}>
                  VWAP
                </Toggle>
              </div>
            )}
          </div>
        )}
      </div>
      <TabPanel id="chart" chosen={view} className="min-h-0 flex-1">
        <Suspense fallback={<p className="p-6 text-center text-muted">Loading chart …</p>}>
          {view === "price" && <PriceChart market={market} interval={interval} />}
          {view === "depth" && <DepthChart market={market} pick={pick} />}
          {view === "table" && <CandleTable market={market} interval={interval} />}
        </Suspense>
      </TabPanel>
    </section>
  );
}

function Toggle({ isOn, toggle, children }: { isOn: boolean; toggle: () => void; children: string }) {
  return (
    <button
      type="button"
      aria-pressed={isOn}
      onClick={toggle}
      className={cx(
        "min-h-6 rounded-md px-2 text-xs pointer-coarse:min-h-11",
        isOn ? "bg-raised text-ink" : "text-muted hover:text-ink",
      )}
    >
      {children}
    </button>
  );
}
