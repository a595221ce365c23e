import { Minus, Plus } from "lucide-react";
import { useEffect, useRef, useState, useSyncExternalStore, type KeyboardEvent } from "react";

import { useBook } from "../book/use-book";
import type { Market } from "../market/market";
import { Decimal } from "../money/decimal";
import { curveOf, totalAt, type Curve, type Step } from "./curve";

const FOOT = 18;

/** Depth of the book: pointing at one side shows the other at the same distance; a click takes the price. */
export default function DepthChart({ market, pick }: { market: Market; pick: (price: Decimal) => void }) {
  const view = useBook(market, 1, 1000);
  useEffect(() => view.show(1), [view]);
  const picture = useSyncExternalStore(view.subscribe, () => view.picture);
  const [zoom, setZoom] = useState(1);
  const [box, size] = useSize();
  // Ticks from the middle; negative: below it.
  const [pointed, setPointed] = useState<number | null>(null);

  const whole = curveOf(picture);
  const curve = whole === null || zoom === 1 ? whole : curveOf(picture, BigInt(Math.max(1, Math.round(Number(whole.reach) / zoom))));
  const width = size.width;
  const height = Math.max(0, size.height - FOOT);
  const reach = Number(curve?.reach ?? 1n);
  const atX = (x: number): number => ((x / Math.max(1, width)) * 2 - 1) * reach;
  const priceAt = (offset: number): bigint => ((curve?.middle2 ?? 0n) + BigInt(Math.round(offset * 2))) / 2n;

  const keys = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setPointed(Math.max(-reach, Math.min(reach, (pointed ?? 0) + (step * reach) / 40)));
    } else if (event.key === "Enter" && pointed !== null) {
      pick(priceOf(market, priceAt(pointed)));
    }
  };

  return (
    <div className="relative flex h-full min-h-0 flex-col">
      <div ref={box} className="relative min-h-0 flex-1">
        {curve === null ? (
          <p className="absolute inset-x-0 top-1/2 text-center text-muted">Waiting for order book data …</p>
        ) : (
          <svg
            width={width}
            height={size.height}
            role="img"
            tabIndex={0}
            aria-label={summary(market, curve, pointed === null ? null : priceAt(pointed))}
            onPointerMove={(event) => setPointed(atX(event.clientX - event.currentTarget.getBoundingClientRect().left))}
            onPointerLeave={() => setPointed(null)}
            onClick={(event) => pick(priceOf(market, priceAt(atX(event.clientX - event.currentTarget.getBoundingClientRect().left))))}
            onKeyDown={keys}
            className="block cursor-crosshair"
          >
            <Grid market={market} curve={curve} width={width} height={height} priceAt={priceAt} />
            <Area steps={curve.bids} curve={curve} width={width} height={height} className="text-up" />
            <Area steps={curve.asks} curve={curve} width={width} height={height} className="text-down" />
            <line x1={width / 2} x2={width / 2} y1={0} y2={height} strokeDasharray="3 3" className="stroke-muted" />
            {pointed !== null && <Hover market={market} curve={curve} pointed={pointed} width={width} height={height} />}
          </svg>
        )}
      </div>
      <div className="flex h-7 shrink-0 items-center justify-end gap-1 px-2 pointer-coarse:h-11">
        <span className="mr-auto text-2xs text-muted">Click a price to put it on the ticket</span>
        <ZoomButton name="Zoom out" isOff={zoom <= 1} run={() => setZoom(Math.max(1, zoom / 2))} sign={<Minus size={13} aria-hidden />} />
        <ZoomButton name="Zoom in" isOff={zoom >= 64} run={() => setZoom(Math.min(64, zoom * 2))} sign={<Plus size={13} aria-hidden />} />
      </div>
    </div>
  );
}

const ZoomButton = ({ name, isOff, run, sign }: { name: string; isOff: boolean; run: () => void; sign: React.ReactNode }) => (
  <button
    type="button"
    aria-label={name}
    disabled={isOff}
    onClick={run}
    className="flex size-7 items-center justify-center rounded-md text-muted hover:bg-raised hover:text-ink pointer-coarse:size-11"
  >
    {sign}
  </button>
);

interface Frame {
  curve: Curve;
  width: number;
  height: number;
}

const xOf = ({ curve, width }: Frame, price: bigint): number =>
  (Number(2n * price - curve.middle2) / 2 / Number(curve.reach) / 2 + 0.5) * width;
const yOf = ({ curve, height }: Frame, total: bigint): number => height - (Number(total) / Number(curve.most)) * height * 0.9;

function Area({ steps, className, ...frame }: Frame & { steps: readonly Step[]; className: string }) {
  const first = steps[0];
  if (first === undefined) return null;
  const isBid = xOf(frame, first.price) < frame.width / 2;
  let line = `M${xOf(frame, first.price)},${frame.height}`;
  for (const step of steps) line += `H${xOf(frame, step.price)}V${yOf(frame, step.total)}`;
  line += `H${isBid ? 0 : frame.width}`;
  return (
    <g className={className}>
      <path d={`${line}V${frame.height}Z`} fill="currentColor" opacity={0.16} />
      <path d={line} fill="none" stroke="currentColor" strokeWidth={1.5} />
    </g>
  );
}

function Grid({ market, priceAt, ...frame }: Frame & { market: Market; priceAt: (offset: number) => bigint }) {
  const { curve, width, height } = frame;
  const places = width < 420 ? [-0.7, 0, 0.7] : [-0.8, -0.4, 0, 0.4, 0.8];
  return (
    <g className="fill-muted text-2xs">
      {[0.25, 0.5, 0.75, 1].map((share) => {
        const total = BigInt(Math.round(Number(curve.most) * share));
        const y = yOf(frame, total);
        return (
          <g key={share}>
            <line x1={0} x2={width} y1={y} y2={y} className="stroke-line" />
            <text x={width - 6} y={y - 3} textAnchor="end" fontSize={10}>
              {Decimal.of(total * market.lot.units, market.lot.scale).show(Math.min(2, market.lot.scale))}
            </text>
          </g>
        );
      })}
      {places.map((place) => (
        <text key={place} x={((place + 1) / 2) * width} y={height + 13} textAnchor="middle" fontSize={10}>
          {priceOf(market, priceAt(place * Number(curve.reach))).show()}
        </text>
      ))}
    </g>
  );
}

/** Both sides at the same distance from the middle. */
function Hover({ market, pointed, ...frame }: Frame & { market: Market; pointed: number }) {
  const { curve, width } = frame;
  const away = BigInt(Math.round(Math.abs(pointed) * 2));
  const bid = totalAt(curve.bids, (price) => curve.middle2 - 2n * price <= away);
  const offer = totalAt(curve.asks, (price) => 2n * price - curve.middle2 <= away);
  const percent = Number(away * 10_000n / curve.middle2) / 100;
  return (
    <g pointerEvents="none">
      {(
        [
          ["bid", bid, -1],
          ["ask", offer, 1],
        ] as const
      ).map(([side, step, sign]) => {
        const x = width / 2 + (sign * Math.abs(pointed) * width) / Number(curve.reach) / 2;
        const total = step?.total ?? 0n;
        const price = (curve.middle2 + BigInt(sign) * away) / 2n;
        const isLeft = x < width / 2;
        return (
          <g key={side} className={side === "bid" ? "text-up" : "text-down"}>
            <line x1={x} x2={x} y1={0} y2={frame.height} stroke="currentColor" strokeDasharray="2 3" />
            <circle cx={x} cy={yOf(frame, total)} r={3.5} fill="currentColor" />
            <g transform={`translate(${isLeft ? Math.max(4, x - 138) : Math.min(width - 136, x + 6)}, 10)`}>
              <rect width={132} height={50} rx={6} className="fill-raised stroke-line" />
              <text x={8} y={16} fontSize={11} className="fill-ink">
                {priceOf(market, price).show()} {market.quote}
              </text>
              <text x={8} y={30} fontSize={11} className="fill-soft">
                {Decimal.of(total * market.lot.units, market.lot.scale).show()} {market.base}
              </text>
              <text x={8} y={44} fontSize={11} className="fill-muted">
                {percent.toFixed(2)} % from mid
              </text>
            </g>
          </g>
        );
      })}
    </g>
  );
}

function summary(market: Market, curve: Curve, pointed: bigint | null): string {
  const total = (steps: readonly Step[]): string =>
    Decimal.of((steps.at(-1)?.total ?? 0n) * market.lot.units, market.lot.scale).show();
  const at = pointed === null ? "" : `, at ${priceOf(market, pointed).show()}`;
  return `Depth of ${market.symbol}: ${total(curve.bids)} ${market.base} bid, ${total(curve.asks)} ${market.base} offered${at}`;
}

function useSize(): [React.RefObject<HTMLDivElement | null>, { width: number; height: number }] {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [box, size];
}

const priceOf = (market: Market, ticks: bigint): Decimal => Decimal.of(ticks * market.tick.units, market.tick.scale);
