/** Who is signed in. The cookie that proves it is out of the page's reach; this is only what the gateway says. */
import { create } from "zustand";

import { ask, Refusal, whenSignedOut } from "./rest";
import type { MeShape } from "./shapes";

interface Session {
  /** `asking`: not known yet. */
  state: "asking" | "in" | "out";
  me: MeShape | null;
  /** Why somebody was signed out without asking for it. */
  notice: string | null;
}

export const useSession = create<Session>()(() => ({ state: "asking", me: null, notice: null }));

/** Looks whether the cookie is good; where the exchange is away, asks again later. */
export async function whoAmI(): Promise<void> {
  try {
    const me = await ask<MeShape>("/api/me");
    useSession.setState({ state: "in", me, notice: null });
  } catch (fault) {
    if (fault instanceof Refusal && (fault.status === 401 || fault.status === 403)) {
      if (useSession.getState().state === "asking") useSession.setState({ state: "out", me: null });
      return;
    }
    setTimeout(() => void whoAmI(), 2_000);
  }
}

export async function signOut(): Promise<void> {
  try {
    await ask("/auth/logout", {});
  } finally {
    useSession.setState({ state: "out", me: null, notice: null });
  }
}

export function sessionEnded(): void {
  if (useSession.getState().state !== "in") return;
  useSession.setState({ state: "out", me: null, notice: "Your session has ended. Sign in again to go on." });
}

whenSignedOut(sessionEnded);
