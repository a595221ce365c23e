import { useMemo, useState } from "react";
import { useNavigate } from "react-router";

import { useExchange } from "../gateway/exchange";
import { signOut, useSession } from "../gateway/session";
import { slugOf } from "../market/market";
import { useMarkets } from "../market/markets";
import { cancelAll } from "../orders/orders";
import { change, LAYOUTS, useSettings } from "../settings/settings";
import { useDraft, write } from "../ticket/draft";
import { cx } from "../ui/class-names";
import { Dialog } from "../ui/dialog";
import { useChoice } from "../ui/use-choice";

interface Entry {
  name: string;
  kind: "Market" | "Page" | "Order" | "View" | "Account";
  run: () => void;
}

/** Everything that the page can do, found by typing a part of its name. */
export default function Palette({ close, openKeys }: { close: () => void; openKeys: () => void }) {
  const entries = useEntries(openKeys);
  const [search, setSearch] = useState("");
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = entries.filter((entry) => words.every((word) => `${entry.kind} ${entry.name}`.toLowerCase().includes(word)));
  const run = (entry: Entry): void => {
    close();
    // After the dialog has given the focus back: what follows may want it.
    setTimeout(entry.run);
  };
  const { at, begin, keyed } = useChoice(found, run);
  return (
    <Dialog title="Search or run a command" close={close} className="mt-[12vh]!">
      <input
        data-first
        role="combobox"
        aria-label="Command"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={found[at] === undefined ? undefined : `palette-${at}`}
        placeholder="Market, page or command"
        value={search}
        onChange={(event) => {
          setSearch(event.target.value);
          begin();
        }}
        onKeyDown={keyed}
        className="min-h-10 w-full rounded-md border border-edge bg-ground px-3 text-sm placeholder:text-muted"
      />
      <ul id="palette-list" role="listbox" aria-label="Commands" className="scroll-area mt-2 h-72">
        {found.map((entry, index) => (
          <li
            key={`${entry.kind} ${entry.name}`}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === at}
            ref={(element) => {
              if (index === at) element?.scrollIntoView({ block: "nearest" });
            }}
            onClick={() => run(entry)}
            onKeyDown={() => undefined}
            className={cx(
              "flex min-h-9 cursor-pointer items-center justify-between rounded-md px-3 hover:bg-lifted pointer-coarse:min-h-11",
              index === at && "bg-lifted",
            )}
          >
            {entry.name}
            <span className="text-xs text-muted">{entry.kind}</span>
          </li>
        ))}
        {found.length === 0 && <li className="p-4 text-center text-muted">Nothing of that name</li>}
      </ul>
    </Dialog>
  );
}

function useEntries(openKeys: () => void): readonly Entry[] {
  const go = useNavigate();
  const { socket } = useExchange();
  const markets = useMarkets((kept) => kept.list);
  const isIn = useSession((session) => session.state === "in");
  const last = useSettings((settings) => settings.lastMarket);
  return useMemo(() => {
    const page = (name: string, path: string): Entry => ({ name, kind: "Page", run: () => void go(path) });
    const ticket = (side: "bid" | "ask"): void => {
      void go(last === "" ? "/trade" : `/trade/${slugOf(last)}`);
      write({ side });
      setTimeout(() => document.querySelector<HTMLInputElement>("form[aria-label^='Order in'] input")?.focus());
    };
    return [
      ...markets.map(({ symbol }): Entry => ({ name: symbol, kind: "Market", run: () => void go(`/trade/${slugOf(symbol)}`) })),
      { name: "Buy …", kind: "Order", run: () => ticket("bid") },
      { name: "Sell …", kind: "Order", run: () => ticket("ask") },
      {
        name: "Limit or market",
        kind: "Order",
        run: () => write({ type: useDraft.getState().type === "limit" ? "market" : "limit" }),
      },
      ...(isIn
        ? ([
            { name: `Cancel all orders in ${last}`, kind: "Order", run: () => void cancelAll(socket, last) },
            { name: "Cancel all orders in all markets", kind: "Order", run: () => void cancelAll(socket, null) },
          ] satisfies Entry[])
        : []),
      page("Trade", "/trade"),
      page("Markets", "/markets"),
      ...(isIn
        ? [
            page("Portfolio", "/portfolio"),
            page("Wallet: deposit, withdraw, faucet", "/wallet"),
            page("Orders", "/orders"),
            page("History", "/history"),
            page("Account", "/account"),
            page("Sessions", "/account/sessions"),
            page("API keys", "/account/keys"),
            page("Preferences", "/account/preferences"),
          ]
        : [page("Sign in", "/signin"), page("Sign up", "/signup")]),
      { name: "Layout: standard", kind: "View", run: () => change({ layout: LAYOUTS.standard }) },
      { name: "Layout: book at the right", kind: "View", run: () => change({ layout: LAYOUTS.swapped }) },
      { name: "Layout: wide book", kind: "View", run: () => change({ layout: LAYOUTS.ladder }) },
      { name: "Colours: classic", kind: "View", run: () => change({ palette: "classic" }) },
      { name: "Colours: colour-blind", kind: "View", run: () => change({ palette: "colourblind" }) },
      { name: "Colours: red up", kind: "View", run: () => change({ palette: "inverted" }) },
      { name: "Hot keys …", kind: "View", run: openKeys },
      ...(isIn ? ([{ name: "Sign out", kind: "Account", run: () => void signOut() }] satisfies Entry[]) : []),
    ];
  }, [go, socket, markets, isIn, last, openKeys]);
}
