import { useQuery } from "@tanstack/react-query";

import { ask } from "../gateway/rest";
import { useMarkets } from "../market/markets";
import { Decimal } from "../money/decimal";
import { cx } from "../ui/class-names";
import { Empty, Page, Panel } from "../ui/panel";
import { Table } from "../ui/table";
import { BalancesTable } from "./balances-table";
import { useBalances } from "./balances";
import { Equity } from "./equity";
import { worthIn } from "./worth";

interface PortfolioShape {
  asset: string;
  value: string;
  cost: string;
  unrealised: string;
  realised: string;
  is_partial: boolean;
  lots: { symbol: string; quantity: string; cost: string; value: string | null; realised: string; unrealised: string | null }[];
  equity: { day: string; value: string; is_partial: boolean }[];
}

const QUOTE = "EUR";
const DAYS = 30;

/** What it is all worth, what it cost, what came of it. */
export default function PortfolioPage() {
  const { data, isError } = useQuery({
    queryKey: ["portfolio"],
    queryFn: () => ask<PortfolioShape>(`/api/portfolio?asset=${QUOTE}&days=${DAYS}`),
    refetchInterval: 10_000,
  });
  const live = useLiveValue();
  const value = live ?? (data === undefined ? null : Decimal.from(data.value));
  return (
    <Page title="Portfolio">
      <section aria-label="Value" className="rounded-xl border border-line bg-panel p-4 sm:p-6">
        <p className="text-xs text-muted">Worth now</p>
        <p className="text-3xl font-semibold tracking-tight" data-testid="worth">
          {value?.show(2) ?? "–"} <span className="text-base text-muted">{QUOTE}</span>
        </p>
        <dl className="mt-4 flex flex-wrap gap-x-8 gap-y-3">
          <Result name="Unrealised result" amount={data?.unrealised} />
          <Result name="Realised result" amount={data?.realised} />
          <div>
            <dt className="text-xs text-muted">Cost of what you hold</dt>
            <dd className="text-sm">{data === undefined ? "–" : Decimal.from(data.cost).show(2)}</dd>
          </div>
        </dl>
        {data !== undefined && <Equity days={data.equity} asset={QUOTE} />}
        {data?.is_partial && <p className="mt-2 text-xs text-muted">Some assets have no price yet and are left out.</p>}
        {isError && <p className="mt-2 text-xs text-muted">Results of the past are not available at the moment.</p>}
      </section>
      <Panel title="Balances">
        <BalancesTable />
      </Panel>
      <Panel title="Results by market">
        <Table
          name="Results by market"
          rows={data?.lots ?? []}
          rowKey={(lot) => lot.symbol}
          empty={<Empty>Nothing bought or sold yet</Empty>}
          columns={[
            { key: "market", head: "Market", cell: (lot) => <span className="font-semibold">{lot.symbol}</span> },
            { key: "held", head: "Held", isNumber: true, cell: (lot) => Decimal.from(lot.quantity).trimmed().show() },
            { key: "cost", head: "Cost", isNumber: true, isExtra: true, cell: (lot) => Decimal.from(lot.cost).show(2) },
            { key: "value", head: "Worth", isNumber: true, isExtra: true, cell: (lot) => (lot.value === null ? "–" : Decimal.from(lot.value).show(2)) },
            { key: "unrealised", head: "Unrealised", isNumber: true, cell: (lot) => <Signed amount={lot.unrealised} /> },
            { key: "realised", head: "Realised", isNumber: true, cell: (lot) => <Signed amount={lot.realised} /> },
          ]}
        />
      </Panel>
    </Page>
  );
}

/** Balances at the prices of this moment; null while any is missing. */
function useLiveValue(): Decimal | null {
  const byAsset = useBalances((balances) => balances.byAsset);
  const { list, tickers } = useMarkets();
  if (byAsset === null) return null;
  let sum = Decimal.ZERO;
  for (const [asset, { available, locked }] of Object.entries(byAsset)) {
    const worth = worthIn(QUOTE, asset, available.plus(locked), list, tickers);
    if (worth !== null) sum = sum.plus(worth);
  }
  return sum;
}

function Result({ name, amount }: { name: string; amount: string | undefined }) {
  return (
    <div>
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="text-sm">
        <Signed amount={amount ?? null} />
      </dd>
    </div>
  );
}

function Signed({ amount }: { amount: string | null }) {
  if (amount === null) return <>–</>;
  const value = Decimal.from(amount);
  return (
    <span className={cx(value.isNegative && "text-down", value.isPositive && "text-up")}>
      {value.isPositive && "+"}
      {value.show(2).replace("-", "−")}
    </span>
  );
}
