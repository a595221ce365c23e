import { Ticket } from "../ticket/ticket";
import { Assets } from "../wallet/assets";
import { BookAndTape } from "./book-and-tape";
import { ChartPanel } from "./chart-panel";
import { OwnPanel } from "./own-panel";
import type { Parts } from "./trade-page";

/** The chart above, book and ticket side by side, own orders below; the page scrolls. */
export function TabletTrade({ market, view, pick }: Parts) {
  return (
    <div className="flex flex-col gap-px bg-line">
      <div className="h-96">
        <ChartPanel market={market} pick={(price) => pick(price, null, "bids")} />
      </div>
      <div className="grid grid-cols-2 gap-px">
        <div className="relative min-h-140">
          <div className="absolute inset-0">
            <BookAndTape market={market} view={view} pick={pick} />
          </div>
        </div>
        <div className="bg-panel">
          <Ticket market={market} view={view} />
          <Assets market={market} />
        </div>
      </div>
      <div className="h-80">
        <OwnPanel market={market} />
      </div>
    </div>
  );
}
