/** The chart as the library draws it: its series, their looks, and how candles are put into them. */
import {
  CandlestickSeries,
  createChart,
  HistogramSeries,
  LineSeries,
  type IChartApi,
  type ISeriesApi,
  type SeriesDataItemTypeMap,
  type Time,
  type UTCTimestamp,
} from "lightweight-charts";

import type { Market } from "../market/market";
import type { Settings } from "../settings/settings";
import { moment } from "../ui/time";
import { pixelsOf, type Candle } from "./candles";
import { ema, vwap } from "./indicators";

export const EMA_LENGTH = 20;
const BARS_SHOWN = 120;

export interface Drawn {
  chart: IChartApi;
  main: ISeriesApi<"Candlestick"> | ISeriesApi<"Line">;
  volume: ISeriesApi<"Histogram">;
  average: ISeriesApi<"Line">;
  weighted: ISeriesApi<"Line">;
  colours: Colours;
}

export interface Colours {
  up: string;
  down: string;
  muted: string;
  line: string;
  accent: string;
  warn: string;
}

export function draw(element: HTMLElement, market: Market, { chartStyle, indicators }: Pick<Settings, "chartStyle" | "indicators">): Drawn {
  const colours = coloursOf(element);
  const chart = createChart(element, {
    autoSize: true,
    layout: {
      background: { color: "transparent" },
      textColor: colours.muted,
      fontFamily: getComputedStyle(element).fontFamily,
      fontSize: 11,
      // Its link stands below the chart: the logo would need a style that the content policy refuses.
      attributionLogo: false,
      panes: { separatorColor: colours.line },
    },
    grid: { vertLines: { color: `${colours.line}80` }, horzLines: { color: `${colours.line}80` } },
    rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.12, bottom: 0.24 } },
    timeScale: { borderVisible: false, timeVisible: true, secondsVisible: false, rightOffset: 6 },
    crosshair: { mode: 0 },
    // A finger that moves up or down scrolls the page.
    handleScroll: { vertTouchDrag: false },
    localization: { timeFormatter: (time: Time) => moment(new Date(Number(time) * 1_000).toISOString()) },
  });
  const format = { type: "price" as const, precision: market.tick.scale, minMove: market.tick.toPixels() };
  const main =
    chartStyle === "candles"
      ? chart.addSeries(CandlestickSeries, {
          upColor: colours.up,
          downColor: colours.down,
          wickUpColor: colours.up,
          wickDownColor: colours.down,
          borderVisible: false,
          priceFormat: format,
        })
      : chart.addSeries(LineSeries, { color: colours.accent, lineWidth: 2, priceFormat: format });
  const volume = chart.addSeries(HistogramSeries, {
    priceScaleId: "volume",
    priceFormat: { type: "volume" },
    lastValueVisible: false,
    priceLineVisible: false,
  });
  chart.priceScale("volume").applyOptions({ scaleMargins: { top: 0.82, bottom: 0 } });
  const thin = { lineWidth: 1, lastValueVisible: false, priceLineVisible: false, crosshairMarkerVisible: false } as const;
  const average = chart.addSeries(LineSeries, { ...thin, color: colours.warn, visible: indicators.ema });
  const weighted = chart.addSeries(LineSeries, { ...thin, color: "#c792ea", visible: indicators.vwap });
  return { chart, main, volume, average, weighted, colours };
}

type Bar = SeriesDataItemTypeMap<Time>;

export function paintAll({ main, volume, average, weighted, colours }: Drawn, list: readonly Candle[]): void {
  (main as ISeriesApi<"Candlestick">).setData(list.map(pixelsOf));
  volume.setData(list.map((candle) => volumeBar(candle, colours)));
  average.setData(ema(list, EMA_LENGTH).map(place));
  weighted.setData(vwap(list).map(place));
}

/** Only the candle that grows. */
export function paintLast({ main, volume, average, weighted, colours }: Drawn, list: readonly Candle[]): void {
  const last = list.at(-1);
  if (last === undefined) return;
  (main as ISeriesApi<"Candlestick">).update(pixelsOf(last));
  volume.update(volumeBar(last, colours));
  const [mean, weight] = [ema(list, EMA_LENGTH).at(-1), vwap(list).at(-1)];
  if (mean !== undefined) average.update(place(mean));
  if (weight !== undefined) weighted.update(place(weight));
}

const place = ({ time, value }: { time: number; value: number }) => ({ time: time as UTCTimestamp, value });

const volumeBar = (candle: Candle, colours: Colours): Bar["Histogram"] => ({
  time: candle.time as UTCTimestamp,
  value: candle.volume.toPixels(),
  color: `${candle.close.compare(candle.open) < 0 ? colours.down : colours.up}4d`,
});

export function showLast(chart: IChartApi, bars: number): void {
  chart.timeScale().setVisibleLogicalRange({ from: Math.max(0, bars - BARS_SHOWN), to: Math.max(bars, 40) + 5 });
}

function coloursOf(element: HTMLElement): Colours {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  return {
    up: colour("--up"),
    down: colour("--down"),
    muted: colour("--color-muted"),
    line: colour("--color-line"),
    accent: colour("--color-accent"),
    warn: colour("--color-warn"),
  };
}
