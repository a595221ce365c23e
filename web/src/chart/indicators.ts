/** Lines over candles. They are places on the screen, so they are floats; nothing is bought or sold by them. */
import type { Candle } from "./candles";

export interface Point {
  time: number;
  value: number;
}

const DAY_S = 86_400;

/** Exponential moving average of the closes; it begins with their plain average over the first `length`. */
export function ema(candles: readonly Candle[], length: number): Point[] {
  const weight = 2 / (length + 1);
  const points: Point[] = [];
  let value = 0;
  candles.forEach((candle, index) => {
    const close = candle.close.toPixels();
    if (index < length) value += close / length;
    else value = close * weight + value * (1 - weight);
    if (index >= length - 1) points.push({ time: candle.time, value });
  });
  return points;
}

/** Average price by volume since midnight UTC, of what the candles hold. */
export function vwap(candles: readonly Candle[]): Point[] {
  const points: Point[] = [];
  let today = -1;
  let turnover = 0;
  let volume = 0;
  for (const candle of candles) {
    const date = Math.floor(candle.time / DAY_S);
    if (date !== today) {
      today = date;
      turnover = 0;
      volume = 0;
    }
    turnover += candle.turnover.toPixels();
    volume += candle.volume.toPixels();
    if (volume > 0) points.push({ time: candle.time, value: turnover / volume });
  }
  return points;
}
