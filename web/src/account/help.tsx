import { HOTKEYS } from "../app/hotkey-list";
import { Panel } from "../ui/panel";

/** What is good to know, and where the rest is. */
export function Help() {
  return (
    <>
      <Panel title="Good to know">
        <div className="flex max-w-prose flex-col gap-3 p-4 text-soft">
          <p>An order that the page shows as open is on disk at the exchange. Closing the page cancels nothing.</p>
          <p>
            If the line breaks while an order is on its way, the page says “unknown” and asks what became of it. It never sends an
            order twice.
          </p>
          <p>Fees are taken of what you receive: of the coin when you buy, of the money when you sell.</p>
          <p>
            Programs trade over the same gateway: its interface is described at{" "}
            <a href="/docs" className="text-accent underline underline-offset-2">
              /docs
            </a>
            .
          </p>
          <p>
            Charts are drawn by{" "}
            <a href="https://www.tradingview.com/" target="_blank" rel="noreferrer" className="text-accent underline underline-offset-2">
              TradingView
            </a>{" "}
            Lightweight Charts™, copyright TradingView, Inc., Apache License 2.0.
          </p>
        </div>
      </Panel>
      <Panel title="Hot keys">
        <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 p-4">
          {HOTKEYS.map(({ keys, does }) => (
            <div key={keys} className="contents">
              <dt>
                <kbd className="rounded border border-edge bg-raised px-1.5 py-0.5 font-sans text-xs">{keys}</kbd>
              </dt>
              <dd className="text-soft">{does}</dd>
            </div>
          ))}
        </dl>
      </Panel>
    </>
  );
}
