/** Questions to the gateway over HTTP. The session is a cookie that this page cannot read. */

const TIMEOUT_MS = 15_000;

/** A no, of the exchange or of the way to it (status 0). */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly code: string,
    readonly hint: string | null,
    readonly body: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = "Refusal";
  }

  /** Whether it may have been done all the same. */
  get isUnknown(): boolean {
    return this.code === "E_OUTCOME_UNKNOWN" || this.code === "E_TIMEOUT" || this.code === "E_LOST";
  }
}

type Method = "GET" | "POST" | "DELETE";

let onSignedOut: () => void = () => undefined;

/** Called when an answer says that there is no session any more. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

/** The answer's JSON. Raises Refusal. */
export async function ask<T>(path: string, body?: object, method: Method = body === undefined ? "GET" : "POST"): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(path, {
      method,
      credentials: "same-origin",
      headers: {
        Accept: "application/json",
        "X-MX-Request": "1",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (fault) {
    const isLate = fault instanceof DOMException && fault.name === "TimeoutError";
    throw isLate
      ? new Refusal(0, "The exchange did not answer in time.", "E_TIMEOUT", "Look again before you repeat it.")
      : new Refusal(0, "The exchange cannot be reached.", "E_LOST", "Check your connection; this page keeps trying.");
  }
  const text = await answer.text();
  const content = parsed(text);
  if (answer.ok) return content as T;
  if (answer.status === 401 && !path.startsWith("/auth/")) onSignedOut();
  const said = typeof content === "object" && content !== null ? (content as Record<string, unknown>) : {};
  throw new Refusal(
    answer.status,
    textOf(said["error"]) ?? `The gateway answered ${answer.status}.`,
    textOf(said["code"]) ?? `E_${answer.status}`,
    textOf(said["hint"]),
    said,
  );
}

/** What to tell a person about something that went wrong. */
export function reasonOf(fault: unknown): string {
  if (fault instanceof Refusal) return fault.hint === null ? fault.message : `${fault.message} ${capital(fault.hint)}`;
  return fault instanceof Error ? fault.message : String(fault);
}

const capital = (text: string): string => {
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
};

const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
