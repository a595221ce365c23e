/** Candles with volume, lines and own trading on them. Loaded apart from the page: the library is a third of its size. */
import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  LineSeries,
  type LineStyle,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  type SeriesDataItemTypeMap,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from "lightweight-charts";
import { ChevronsRight, Minus, MoveLeft, MoveRight, Plus } from "lucide-react";
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";

import { useExchange } from "../gateway/exchange";
import type { FillShape } from "../gateway/shapes";
import type { Market } from "../market/market";
import { Decimal } from "../money/decimal";
import { useFills } from "../orders/fills";
import { useOpenOrders } from "../orders/use-open-orders";
import { isBuy, shown } from "../orders/words";
import { useSettings, type Settings } from "../settings/settings";
import { speak } from "../ui/notices";
import { moment, span } from "../ui/time";
import { useNow } from "../ui/use-now";
import { CandleSeries, pixelsOf, SECONDS, type Candle } from "./candles";
import { ema, vwap } from "./indicators";

const EMA_LENGTH = 20;
/** Named, not taken from the library's table of styles, which would come along whole. */
const DASHED: LineStyle = 2;
const PAINT_MS = 250;
const BARS_SHOWN = 120;

interface Drawn {
  chart: IChartApi;
  main: ISeriesApi<"Candlestick"> | ISeriesApi<"Line">;
  volume: ISeriesApi<"Histogram">;
  average: ISeriesApi<"Line">;
  weighted: ISeriesApi<"Line">;
  colours: Colours;
}

interface Colours {
  up: string;
  down: string;
  muted: string;
  line: string;
  accent: string;
  warn: string;
}

export default function PriceChart({ market, interval }: { market: Market; interval: string }) {
  const exchange = useExchange();
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn | null>(null);
  const series = useRef<CandleSeries | null>(null);
  const [state, setState] = useState<"loading" | "ready" | "empty" | "failed">("loading");
  const [legend, setLegend] = useState<Candle | null>(null);
  const [said, setSaid] = useState(`Chart of ${market.symbol}`);
  const { chartStyle, indicators, palette } = useSettings();
  const [generation, setGeneration] = useState(0);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const made = draw(element, market, { chartStyle, indicators });
    drawn.current = made;
    let timer: ReturnType<typeof setTimeout> | null = null;
    let isWhole = true;
    const paint = (): void => {
      timer = null;
      const { list } = candles;
      if (isWhole) paintAll(made, list);
      else paintLast(made, list);
      isWhole = list.length === 0;
      setState(list.length === 0 ? "empty" : "ready");
      setLegend(list.at(-1) ?? null);
      setSaid(summary(market, interval, list));
    };
    let isFirst = true;
    const candles = new CandleSeries(exchange, market, interval, (changed) => {
      if (changed === "failed") setState("failed");
      else if (isFirst || changed === "all" || changed.length > 1) {
        isWhole = true;
        paint();
        if (candles.list.length > 0) {
          isFirst = false;
          showLast(made.chart, candles.list.length);
        }
      } else {
        // One paint for everything within a quarter of a second; it never moves what one looks at.
        timer ??= setTimeout(paint, PAINT_MS);
      }
    });
    series.current = candles;
    made.chart.subscribeCrosshairMove(({ time }) => {
      const at = time === undefined ? candles.list.at(-1) : candles.list.find((candle) => candle.time === Number(time));
      setLegend(at ?? null);
    });
    setGeneration((count) => count + 1);
    return () => {
      if (timer !== null) clearTimeout(timer);
      candles.stop();
      made.chart.remove();
      drawn.current = null;
    };
  }, [exchange, market.symbol, interval, chartStyle, indicators.ema, indicators.vwap, palette]);

  useOrderLines(drawn, market, generation);
  useFillMarks(drawn, market, interval, generation, state);

  const keyed = useCrosshairKeys(drawn, series);
  return (
    <div className="relative flex h-full min-h-0 flex-col">
      <Legend candle={legend} market={market} interval={interval} indicators={indicators} />
      <div
        ref={box}
        role="img"
        tabIndex={0}
        aria-label={said}
        aria-describedby="chart-keys"
        onKeyDown={keyed}
        className="min-h-0 flex-1 outline-offset-[-2px]"
      />
      <p id="chart-keys" className="sr-only">
        Left and right arrow keys read one candle after the other. The tab Table shows them all.
      </p>
      {state !== "ready" && (
        <p className="pointer-events-none absolute inset-x-0 top-1/2 text-center text-muted">
          {{ loading: "Loading chart …", empty: "Waiting for trades …", failed: "The chart could not be loaded." }[state]}
        </p>
      )}
      <Tools drawn={drawn} />
    </div>
  );
}

function draw(element: HTMLElement, market: Market, { chartStyle, indicators }: Pick<Settings, "chartStyle" | "indicators">): Drawn {
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

function paintAll({ main, volume, average, weighted, colours }: Drawn, list: readonly Candle[]): void {
  (main as ISeriesApi<"Candlestick">).setData(list.map(pixelsOf));
  volume.setData(list.map((candle) => volumeBar(candle, colours)));
  average.setData(ema(list, EMA_LENGTH).map(place));
  weighted.setData(vwap(list).map(place));
}

/** Only the candle that grows. */
function paintLast({ main, volume, average, weighted, colours }: Drawn, list: readonly Candle[]): void {
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

function showLast(chart: IChartApi, bars: number): void {
  chart.timeScale().setVisibleLogicalRange({ from: Math.max(0, bars - BARS_SHOWN), to: Math.max(bars, 40) + 5 });
}

function useOrderLines(drawn: React.RefObject<Drawn | null>, market: Market, generation: number): void {
  const orders = useOpenOrders(market.symbol);
  useEffect(() => {
    const made = drawn.current;
    if (made === null) return;
    const lines: IPriceLine[] = [];
    for (const order of orders) {
      if (order.price === null) continue;
      const isBuying = isBuy(order.side);
      lines.push(
        made.main.createPriceLine({
          price: Decimal.from(order.price).toPixels(),
          color: isBuying ? made.colours.up : made.colours.down,
          lineWidth: 1,
          lineStyle: DASHED,
          axisLabelVisible: true,
          title: `${isBuying ? "Buy" : "Sell"} ${shown(order.remaining_quantity)}`,
        }),
      );
    }
    return () => {
      if (drawn.current === made) for (const line of lines) made.main.removePriceLine(line);
    };
  }, [drawn, orders, generation]);
}

function useFillMarks(drawn: React.RefObject<Drawn | null>, market: Market, interval: string, generation: number, state: string): void {
  const fills = useFills((kept) => kept.list);
  useEffect(() => {
    const made = drawn.current;
    if (made === null || state !== "ready") return;
    const marks = createSeriesMarkers(
      made.main as ISeriesApi<"Line">,
      marksOf(
        fills.filter((fill) => fill.symbol === market.symbol),
        SECONDS[interval] ?? 60,
        made.colours,
      ),
    );
    return () => {
      if (drawn.current === made) marks.detach();
    };
  }, [drawn, fills, market.symbol, interval, generation, state]);
}

/** One mark for each candle and side. */
function marksOf(fills: readonly FillShape[], seconds: number, colours: Colours): SeriesMarker<Time>[] {
  const marks = new Map<string, SeriesMarker<Time>>();
  for (const fill of fills) {
    const time = (Math.floor(Date.parse(fill.settled_at) / 1_000 / seconds) * seconds) as UTCTimestamp;
    const isBuying = isBuy(fill.side);
    marks.set(`${time} ${fill.side}`, {
      time,
      position: isBuying ? "belowBar" : "aboveBar",
      shape: isBuying ? "arrowUp" : "arrowDown",
      color: isBuying ? colours.up : colours.down,
    });
  }
  return [...marks.values()].toSorted((a, b) => Number(a.time) - Number(b.time));
}

/** Arrow keys move the crosshair from candle to candle and say what it is on. */
function useCrosshairKeys(drawn: React.RefObject<Drawn | null>, series: React.RefObject<CandleSeries | null>) {
  const at = useRef<number | null>(null);
  return (event: KeyboardEvent): void => {
    const list = series.current?.list ?? [];
    const made = drawn.current;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (made === null || list.length === 0) return;
    if (event.key === "Escape") {
      at.current = null;
      made.chart.clearCrosshairPosition();
      return;
    }
    if (step === undefined) return;
    event.preventDefault();
    at.current = Math.min(list.length - 1, Math.max(0, (at.current ?? list.length - 1 + (step < 0 ? 1 : 0)) + step));
    const candle = list[at.current];
    if (candle === undefined) return;
    made.chart.setCrosshairPosition(candle.close.toPixels(), candle.time as UTCTimestamp, made.main);
    speak(
      `${moment(new Date(candle.time * 1_000).toISOString())}: open ${candle.open.show()}, high ${candle.high.show()}, ` +
        `low ${candle.low.show()}, close ${candle.close.show()}`,
    );
  };
}

function Legend({ candle, market, interval, indicators }: { candle: Candle | null; market: Market; interval: string; indicators: Settings["indicators"] }) {
  const length = (SECONDS[interval] ?? 60) * 1_000;
  const countdown = span(length - (useNow() % length));
  return (
    <div className="pointer-events-none absolute top-1 left-2 z-10 flex flex-wrap gap-x-2.5 text-2xs text-soft" aria-hidden>
      {candle !== null && (
        <>
          {(["open", "high", "low", "close"] as const).map((name) => (
            <span key={name} className={name === "close" ? (candle.close.compare(candle.open) < 0 ? "text-down" : "text-up") : ""}>
              <span className="text-muted uppercase">{name[0]}</span> {candle[name].show()}
            </span>
          ))}
          <span className="hidden sm:inline">
            <span className="text-muted">Vol</span> {candle.volume.show(Math.min(3, candle.volume.scale))} {market.base}
          </span>
        </>
      )}
      {indicators.ema && <span className="text-warn">EMA {EMA_LENGTH}</span>}
      {indicators.vwap && <span className="text-[#c792ea]">VWAP</span>}
      <span className="text-muted">next in {countdown}</span>
    </div>
  );
}

/** What dragging and the wheel do, for those who have neither. */
function Tools({ drawn }: { drawn: React.RefObject<Drawn | null> }) {
  const move = (shift: number, zoom: number): void => {
    const scale = drawn.current?.chart.timeScale();
    const range = scale?.getVisibleLogicalRange();
    if (!scale || !range) return;
    const width = range.to - range.from;
    const middle = (range.from + range.to) / 2 + shift * width;
    scale.setVisibleLogicalRange({ from: middle - (width * zoom) / 2, to: middle + (width * zoom) / 2 });
  };
  const tools: readonly (readonly [string, ReactNode, () => void])[] = [
    ["Earlier", <MoveLeft key="i" size={13} />, () => move(-0.25, 1)],
    ["Later", <MoveRight key="i" size={13} />, () => move(0.25, 1)],
    ["Zoom out", <Minus key="i" size={13} />, () => move(0, 1.25)],
    ["Zoom in", <Plus key="i" size={13} />, () => move(0, 0.8)],
    ["Scroll to now", <ChevronsRight key="i" size={13} />, () => drawn.current?.chart.timeScale().scrollToRealTime()],
  ];
  return (
    <div className="flex h-7 shrink-0 items-center justify-between px-2 pointer-coarse:h-11">
      <a
        href="https://www.tradingview.com/"
        target="_blank"
        rel="noreferrer"
        title="Lightweight Charts™, copyright TradingView, Inc."
        className="flex min-h-6 items-center text-2xs text-muted hover:text-ink"
      >
        Charts by TradingView
      </a>
      <div className="flex">
        {tools.map(([name, icon, run]) => (
          <button
            key={name}
            type="button"
            aria-label={name}
            title={name}
            onClick={run}
            className="flex size-7 items-center justify-center rounded-md text-muted hover:bg-raised hover:text-ink pointer-coarse:size-11"
          >
            <span aria-hidden>{icon}</span>
          </button>
        ))}
      </div>
    </div>
  );
}

function summary(market: Market, interval: string, list: readonly Candle[]): string {
  const first = list[0];
  const last = list.at(-1);
  if (first === undefined || last === undefined) return `Chart of ${market.symbol}, ${interval} candles`;
  const high = list.reduce((most, candle) => (candle.high.compare(most) > 0 ? candle.high : most), first.high);
  const low = list.reduce((least, candle) => (candle.low.compare(least) < 0 ? candle.low : least), first.low);
  return (
    `Chart of ${market.symbol}, ${list.length} candles of ${interval}: open ${first.open.show()}, ` +
    `high ${high.show()}, low ${low.show()}, last ${last.close.show()} ${market.quote}`
  );
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
