/** What the page tells a person: toasts that pass, a log that stays, and words for those who listen. */
import { create } from "zustand";

export type Tone = "info" | "good" | "bad";

export interface Notice {
  /** A later notice with the same key takes the place of an earlier one. */
  key: string;
  tone: Tone;
  title: string;
  text?: string;
  /** Milliseconds since 1970. */
  at: number;
  action?: { label: string; run: () => void };
}

interface Notices {
  toasts: readonly Notice[];
  log: readonly Notice[];
  /** What the live region says now. */
  spoken: string;
  alert: string;
}

const TOASTS_MAX = 3;
const LOG_MAX = 200;
const SHOWN_MS: Record<Tone, number> = { info: 5_000, good: 5_000, bad: 10_000 };
const SPEAK_EVERY_MS = 2_000;

export const useNotices = create<Notices>()(() => ({ toasts: [], log: [], spoken: "", alert: "" }));

const timers = new Map<string, ReturnType<typeof setTimeout>>();
let waiting: string[] = [];
let isSpeaking = false;

export function notify(notice: Omit<Notice, "at">): void {
  const entry = { ...notice, at: Date.now() };
  useNotices.setState(({ toasts, log }) => ({
    toasts: [...toasts.filter((toast) => toast.key !== entry.key), entry].slice(-TOASTS_MAX),
    log: [entry, ...log].slice(0, LOG_MAX),
  }));
  keep(entry.key, SHOWN_MS[entry.tone]);
  const words = entry.text === undefined ? entry.title : `${entry.title}: ${entry.text}`;
  if (entry.tone === "bad") useNotices.setState({ alert: words });
  else speak(words);
}

export function dismiss(key: string): void {
  clearTimeout(timers.get(key));
  timers.delete(key);
  useNotices.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.key !== key) }));
}

/** A toast that is pointed at or focused stays. */
export function hold(key: string): void {
  clearTimeout(timers.get(key));
}

export function release(key: string): void {
  keep(key, SHOWN_MS.info);
}

/** Says something once; several things within two seconds are said together. */
export function speak(words: string): void {
  waiting.push(words);
  if (isSpeaking) return;
  isSpeaking = true;
  sayWaiting();
}

function sayWaiting(): void {
  if (waiting.length === 0) {
    isSpeaking = false;
    return;
  }
  useNotices.setState({ spoken: waiting.join(". ") });
  waiting = [];
  setTimeout(sayWaiting, SPEAK_EVERY_MS);
}

function keep(key: string, ms: number): void {
  clearTimeout(timers.get(key));
  timers.set(
    key,
    setTimeout(() => dismiss(key), ms),
  );
}
