/** Everything that is open to the exchange, composed once; components reach it by `useExchange`. */
import { createContext, use } from "react";

import { Feed } from "../feed/feed";
import { loadMarkets, receiveTicker, useMarkets } from "../market/markets";
import { forgetFills, loadFills, receiveFills, useFills } from "../orders/fills";
import { forgetOrders, receiveOrders } from "../orders/orders";
import { useSettings } from "../settings/settings";
import { forgetBalances, receiveBalances } from "../wallet/balances";
import { watchLink } from "./link";
import { sessionEnded, useSession, whoAmI } from "./session";
import { Socket, type Line } from "./socket";

export interface Exchange {
  socket: Socket;
  feed: Feed;
}

export const ExchangeContext = createContext<Exchange | null>(null);

export function useExchange(): Exchange {
  const exchange = use(ExchangeContext);
  if (exchange === null) throw new Error("no exchange around this component");
  return exchange;
}

/** Opens the lines and keeps the stores filled. `origin`: of the gateway, as http or https. */
export function openExchange(origin: string): Exchange {
  const url = origin.replace(/^http/, "ws");
  const socket = new Socket(() => new WebSocket(`${url}/ws?decimals=string`) as Line);
  const feed = new Feed(`${url}/ws/binary`);
  feed.pace(useSettings.getState().bookHz);
  useSettings.subscribe(({ bookHz }, before) => {
    if (bookHz !== before.bookHz) feed.pace(bookHz);
  });
  watchLink(socket, feed);
  followTickers(socket);
  followAccount(socket);
  void loadMarkets();
  void whoAmI();
  socket.onPush = ({ type }) => {
    if (type === "session_ended") sessionEnded();
  };
  socket.start();
  return { socket, feed };
}

function followTickers(socket: Socket): void {
  const followed = new Set<string>();
  useMarkets.subscribe(({ list }) => {
    for (const { symbol } of list) {
      if (followed.has(symbol)) continue;
      followed.add(symbol);
      socket.follow(`ticker.${symbol}.1000ms`, (said) => receiveTicker(symbol, said));
    }
  });
}

/** Private channels follow whoever is signed in; nothing of one person is left for the next. */
function followAccount(socket: Socket): void {
  let stops: (() => void)[] = [];
  let who: string | null = null;
  useSession.subscribe(({ state, me }) => {
    const now = state === "in" ? (me?.id ?? null) : null;
    if (now === who) return;
    who = now;
    for (const stop of stops) stop();
    stops = [];
    forgetOrders();
    forgetFills();
    forgetBalances();
    socket.signIn(false);
    if (now === null) return;
    stops = [
      // Always with a snapshot: a gateway that has just come does not know the orders that ended before it.
      socket.follow("orders", receiveOrders, "private"),
      socket.follow("fills", receiveFills, "private", () => useFills.getState().accountSequence),
      socket.follow("balances", receiveBalances, "private"),
    ];
    socket.signIn(true);
    void loadFills().catch(() => undefined);
  });
}
