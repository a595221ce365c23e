import { Page, Panel } from "../ui/panel";
import { FillsTable } from "./fills-table";
import { OpenOrders } from "./open-orders";
import { RecentOrders } from "./recent-orders";

/** Open orders, the last ones that are over, and fills: what a phone shows on a page of its own. */
export default function OrdersPage() {
  return (
    <Page title="Orders">
      <Panel title="Open orders">
        <OpenOrders market={null} />
      </Panel>
      <Panel title="Recent orders">
        <RecentOrders />
      </Panel>
      <Panel title="Fills">
        <FillsTable className="max-h-96" />
      </Panel>
    </Page>
  );
}
