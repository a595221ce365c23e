/** Times in one form everywhere: ISO dates, 24 hours, the reader's own zone. */

const two = (value: number): string => String(value).padStart(2, "0");

export const clock = (date: Date): string => `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;

export const day = (date: Date): string => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;

/** `09:41:07` of today, else `2026-11-23 09:41`. */
export function moment(written: string, now: Date = new Date()): string {
  const date = new Date(written);
  return day(date) === day(now) ? clock(date) : `${day(date)} ${clock(date).slice(0, 5)}`;
}

/** `3h 12m`, `12m 5s`, `5s`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  if (hours > 0) return `${hours}h ${minutes}m`;
  return minutes > 0 ? `${minutes}m ${seconds % 60}s` : `${seconds}s`;
}
