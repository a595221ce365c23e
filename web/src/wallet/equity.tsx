import { Decimal } from "../money/decimal";

interface Day {
  day: string;
  value: string;
}

const WIDTH = 640;
const HEIGHT = 96;

/** What everything was worth at the end of each day. */
export function Equity({ days, asset }: { days: readonly Day[]; asset: string }) {
  if (days.length < 2) return null;
  const values = days.map(({ value }) => Decimal.from(value));
  const places = values.map((value) => value.toPixels());
  const low = Math.min(...places);
  const high = Math.max(...places);
  const y = (value: number): number => 4 + (1 - (value - low) / (high - low || 1)) * (HEIGHT - 8);
  const line = places.map((value, index) => `${((index / (places.length - 1)) * WIDTH).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  const first = values[0] ?? Decimal.ZERO;
  const last = values.at(-1) ?? Decimal.ZERO;
  return (
    <figure className="mt-4">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Worth over ${days.length} days: from ${first.show(2)} to ${last.show(2)} ${asset}`}
        className="h-24 w-full text-accent"
      >
        <polygon points={`0,${HEIGHT} ${line} ${WIDTH},${HEIGHT}`} fill="currentColor" opacity={0.12} />
        <polyline points={line} fill="none" stroke="currentColor" strokeWidth={1.5} vectorEffect="non-scaling-stroke" />
      </svg>
      <figcaption className="flex justify-between text-2xs text-muted">
        <span>{days[0]?.day}</span>
        <span>{days.at(-1)?.day}</span>
      </figcaption>
    </figure>
  );
}
