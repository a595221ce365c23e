/** The frame around every page: header, status line, the bar at the foot of a phone, toasts, palette. */
import { CandlestickChart, ChartNoAxesColumn, ListOrdered, Wallet } from "lucide-react";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { Link, NavLink, useLocation } from "react-router";

import { useSession } from "../gateway/session";
import { useOpenOrderCount } from "../orders/use-open-orders";
import { cx } from "../ui/class-names";
import { useSpace } from "../ui/media";
import { Toaster } from "../ui/toaster";
import { AccountMenu } from "./account-menu";
import { EmbedBar } from "./embed-bar";
import { useHotkeys } from "./hotkeys";
import { LinkBadge, StatusBar } from "./link-badge";
import { Logo } from "./logo";

const Palette = lazy(() => import("./palette"));
const HotkeyHelp = lazy(() => import("./hotkey-help"));

export function Shell({ children }: { children: ReactNode }) {
  const space = useSpace();
  const [overlay, setOverlay] = useState<"palette" | "keys" | null>(null);
  useHotkeys({ openPalette: () => setOverlay("palette"), openHelp: () => setOverlay("keys") });
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-accent px-3 py-2 font-semibold text-ground focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <EmbedBar />
      <Header openPalette={() => setOverlay("palette")} />
      <main id="main" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
        {children}
      </main>
      {space === "phone" ? <FootNav /> : <StatusBar />}
      <Toaster />
      <Suspense fallback={null}>
        {overlay === "palette" && <Palette close={() => setOverlay(null)} openKeys={() => setOverlay("keys")} />}
        {overlay === "keys" && <HotkeyHelp close={() => setOverlay(null)} />}
      </Suspense>
    </div>
  );
}

const PAGES = [
  ["/trade", "Trade"],
  ["/markets", "Markets"],
  ["/portfolio", "Portfolio"],
  ["/wallet", "Wallet"],
  ["/history", "History"],
] as const;

function Header({ openPalette }: { openPalette: () => void }) {
  const state = useSession((session) => session.state);
  const isIn = state === "in";
  return (
    <header className="flex h-12 shrink-0 items-center gap-1 border-b border-line bg-panel px-3 sm:gap-4">
      <Link to="/" aria-label="mExchange, to the market" className="flex min-h-8 items-center rounded-md">
        <Logo />
      </Link>
      <nav aria-label="Pages" className="hidden md:flex">
        {PAGES.filter(([path]) => isIn || path === "/trade" || path === "/markets").map(([path, name]) => (
          <NavLink
            key={path}
            to={path}
            className={({ isActive }) =>
              cx(
                "flex min-h-8 items-center rounded-md px-3 transition-colors",
                isActive ? "text-ink" : "text-muted hover:text-ink",
              )
            }
          >
            {name}
          </NavLink>
        ))}
      </nav>
      <div className="ml-auto flex items-center gap-2">
        <button
          type="button"
          onClick={openPalette}
          aria-keyshortcuts="Control+K Meta+K"
          className="hidden min-h-8 items-center gap-3 rounded-md border border-line bg-ground px-2.5 text-xs text-muted hover:text-ink lg:flex"
        >
          Search or run a command <kbd className="font-sans">Ctrl K</kbd>
        </button>
        <LinkBadge />
        {state === "out" && (
          <>
            <Link to="/signin" className="flex min-h-8 items-center rounded-md px-2 text-soft hover:text-ink pointer-coarse:min-h-11">
              Sign in
            </Link>
            <Link
              to="/signup"
              className="flex min-h-8 items-center rounded-md bg-accent px-3 font-semibold text-ground hover:brightness-110 pointer-coarse:min-h-11"
            >
              Sign up
            </Link>
          </>
        )}
        {isIn && <AccountMenu />}
      </div>
    </header>
  );
}

const FEET = [
  ["/trade", "Trade", CandlestickChart],
  ["/markets", "Markets", ChartNoAxesColumn],
  ["/orders", "Orders", ListOrdered],
  ["/wallet", "Wallet", Wallet],
] as const;

/** The four places of a phone, within reach of a thumb. */
function FootNav() {
  const { pathname } = useLocation();
  const open = useOpenOrderCount();
  return (
    <nav
      aria-label="Main"
      className="sticky bottom-0 z-30 grid shrink-0 grid-cols-4 border-t border-line bg-panel pb-[env(safe-area-inset-bottom)]"
    >
      {FEET.map(([path, name, Icon]) => (
        <Link
          key={path}
          to={path}
          aria-current={pathname.startsWith(path) ? "page" : undefined}
          className={cx(
            "flex h-13 flex-col items-center justify-center gap-0.5 text-2xs",
            pathname.startsWith(path) ? "text-accent" : "text-muted",
          )}
        >
          <Icon size={18} aria-hidden />
          {name}
          {path === "/orders" && open > 0 ? ` · ${open}` : ""}
        </Link>
      ))}
    </nav>
  );
}
