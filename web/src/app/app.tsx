/** The routes of the page. The trade page comes with the entry, the others when they are wanted. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, type ReactNode } from "react";
import { BrowserRouter, Navigate, Route, Routes, useLocation } from "react-router";

import { ExchangeContext, type Exchange } from "../gateway/exchange";
import { useSession } from "../gateway/session";
import { slugOf } from "../market/market";
import { useMarkets } from "../market/markets";
import { useSettings } from "../settings/settings";
import { TradePage } from "../trade/trade-page";
import { ErrorBoundary } from "./error-boundary";
import { Shell } from "./shell";

const MarketsPage = lazy(() => import("../market/markets-page"));
const PortfolioPage = lazy(() => import("../wallet/portfolio-page"));
const WalletPage = lazy(() => import("../wallet/wallet-page"));
const HistoryPage = lazy(() => import("../orders/history-page"));
const OrdersPage = lazy(() => import("../orders/orders-page"));
const OrderPage = lazy(() => import("../orders/order-page"));
const AccountPage = lazy(() => import("../account/account-page"));
const SigningPage = lazy(() => import("../signing/signing-page"));

const queries = new QueryClient({
  defaultOptions: { queries: { retry: 1, staleTime: 5_000, refetchOnWindowFocus: true } },
});

export function App({ exchange }: { exchange: Exchange }) {
  return (
    <ExchangeContext value={exchange}>
      <QueryClientProvider client={queries}>
        <BrowserRouter>
          <Shell>
            <ErrorBoundary>
              <Suspense fallback={<p className="p-6 text-muted">Loading …</p>}>
                <Routes>
                  <Route path="/" element={<ToMarket />} />
                  <Route path="/trade" element={<ToMarket />} />
                  <Route path="/trade/:market" element={<TradePage />} />
                  <Route path="/markets" element={<MarketsPage />} />
                  <Route path="/signin" element={<SigningPage kind="in" />} />
                  <Route path="/signup" element={<SigningPage kind="up" />} />
                  <Route path="/portfolio" element={<Private of={<PortfolioPage />} />} />
                  <Route path="/wallet" element={<Private of={<WalletPage />} />} />
                  <Route path="/history" element={<Private of={<HistoryPage />} />} />
                  <Route path="/orders" element={<Private of={<OrdersPage />} />} />
                  <Route path="/orders/:orderId" element={<Private of={<OrderPage />} />} />
                  <Route path="/account/:section?" element={<Private of={<AccountPage />} />} />
                  <Route path="*" element={<NotFound />} />
                </Routes>
              </Suspense>
            </ErrorBoundary>
          </Shell>
        </BrowserRouter>
      </QueryClientProvider>
    </ExchangeContext>
  );
}

/** The market that was looked at last, else the first. */
function ToMarket() {
  const { search } = useLocation();
  const last = useSettings((settings) => settings.lastMarket);
  const list = useMarkets((markets) => markets.list);
  const market = list.find(({ symbol }) => symbol === last) ?? list[0];
  if (market === undefined) return <TradePage />;
  return <Navigate replace to={`/trade/${slugOf(market.symbol)}${search}`} />;
}

function Private({ of }: { of: ReactNode }) {
  const { pathname } = useLocation();
  const state = useSession((session) => session.state);
  if (state === "asking") return <p className="p-6 text-muted">Loading …</p>;
  return state === "in" ? of : <Navigate replace to={`/signin?next=${encodeURIComponent(pathname)}`} />;
}

function NotFound() {
  return (
    <div className="flex flex-col items-center gap-2 p-16 text-center">
      <h1 className="text-xl font-semibold">There is no such page</h1>
      <p className="text-muted">The address may be mistyped, or what it led to is gone.</p>
    </div>
  );
}
