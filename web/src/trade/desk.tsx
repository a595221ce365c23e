import { OrderBook } from "../book/order-book";
import { change, useSettings, type Layout } from "../settings/settings";
import { Tape } from "../tape/tape";
import { Ticket } from "../ticket/ticket";
import { cx } from "../ui/class-names";
import { useMedia } from "../ui/media";
import { Separator } from "../ui/separator";
import { Assets } from "../wallet/assets";
import { ChartPanel } from "./chart-panel";
import { OwnPanel } from "./own-panel";
import type { Parts } from "./trade-page";
import { BookAndTape } from "./book-and-tape";

/** Everything at once, in panels whose sizes stay as they were left. */
export function Desk({ market, view, pick }: Parts) {
  const layout = useSettings((settings) => settings.layout);
  const hasRoom = useMedia("(min-width: 80rem)");
  const isSwapped = layout.preset === "swapped";
  const resize = (part: Partial<Layout>): void => change({ layout: { ...layout, ...part } });
  const sign = isSwapped ? -1 : 1;
  return (
    <div className={cx("flex h-[calc(100dvh-7.5rem)] min-h-130 min-w-0 shrink-0", isSwapped && "flex-row-reverse")}>
      <div className="flex min-h-0 shrink-0 flex-col" style={{ width: layout.bookWidth }}>
        {hasRoom ? (
          <>
            <div className="min-h-0 flex-[3]">
              <OrderBook market={market} view={view} pick={pick} />
            </div>
            <div className="min-h-0 flex-[2] border-t border-line">
              <Tape market={market} />
            </div>
          </>
        ) : (
          <BookAndTape market={market} view={view} pick={pick} />
        )}
      </div>
      <Separator
        name="Width of the order book"
        direction="column"
        value={layout.bookWidth}
        min={240}
        max={520}
        sign={sign}
        change={(bookWidth) => resize({ bookWidth })}
      />
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <div className="min-h-0 flex-1">
          <ChartPanel market={market} pick={(price) => pick(price, null, "bids")} />
        </div>
        <Separator
          name="Height of your orders"
          direction="row"
          value={layout.bottomHeight}
          min={120}
          max={560}
          sign={-1}
          change={(bottomHeight) => resize({ bottomHeight })}
        />
        <div className="shrink-0" style={{ height: layout.bottomHeight }}>
          <OwnPanel market={market} />
        </div>
      </div>
      <Separator
        name="Width of the ticket"
        direction="column"
        value={layout.ticketWidth}
        min={280}
        max={420}
        sign={isSwapped ? 1 : -1}
        change={(ticketWidth) => resize({ ticketWidth })}
      />
      <div className="scroll-area flex min-h-0 shrink-0 flex-col bg-panel" style={{ width: layout.ticketWidth }}>
        <Ticket market={market} view={view} />
        <Assets market={market} />
      </div>
    </div>
  );
}
