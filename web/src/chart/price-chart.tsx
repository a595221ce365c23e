/** Candles with volume, lines and own trading on them. Loaded apart from the page: the library is a third of its size. */
import type { UTCTimestamp } from "lightweight-charts";
import { ChevronsRight, Minus, MoveLeft, MoveRight, Plus } from "lucide-react";
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";

import { useExchange } from "../gateway/exchange";
import type { Market } from "../market/market";
import { AmendDialog } from "../orders/amend-dialog";
import { useSettings, type Settings } from "../settings/settings";
import { speak } from "../ui/notices";
import { moment, span } from "../ui/time";
import { useNow } from "../ui/use-now";
import { CandleSeries, SECONDS, type Candle } from "./candles";
import { draw, EMA_LENGTH, paintAll, paintLast, showLast, type Drawn } from "./drawn";
import { useFillMarks } from "./fill-marks";
import { useOrderLines } from "./order-lines";

const PAINT_MS = 250;

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

  const [moved, settle] = useOrderLines(drawn, box, market, generation);
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
        Left and right arrow keys read one candle after the other. The tab Table shows them all. Lines of own orders can be
        dragged to another price; the list of orders does the same.
      </p>
      {state !== "ready" && (
        <p className="pointer-events-none absolute inset-x-0 top-1/2 text-center text-muted">
          {{ loading: "Loading chart …", empty: "Waiting for trades …", failed: "The chart could not be loaded." }[state]}
        </p>
      )}
      <Tools drawn={drawn} />
      {moved !== null && <AmendDialog order={moved.order} newPrice={moved.price} close={settle} />}
    </div>
  );
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
