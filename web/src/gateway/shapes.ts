/** What the gateway says, as docs/API.md writes it. Decimals are text, times RFC 3339 unless a name says otherwise. */

export interface MarketShape {
  symbol: string;
  base: string;
  quote: string;
  tick_size: string;
  lot_size: string;
  min_quantity: string;
  max_quantity: string;
  min_notional: string;
  band: string;
  maker_fee: string;
  taker_fee: string;
  reference_price: string;
  status: MarketStatus;
  price_decimals: number;
  quantity_decimals: number;
  id: number;
}
export type MarketStatus = "open" | "cancel_only" | "halted" | "closed";

export interface AssetShape {
  symbol: string;
  scale: number;
  display_decimals: number;
}

export interface TickerShape {
  symbol: string;
  last: string | null;
  bid: string | null;
  ask: string | null;
  open_24h: string | null;
  high_24h: string | null;
  low_24h: string | null;
  change_24h: string | null;
  change_pct_24h: string | null;
  volume_24h: string;
  turnover_24h: string;
  trades_24h: number;
  status: MarketStatus;
  sequence: number;
}

export type OrderStatus =
  | "pending"
  | "open"
  | "partially_filled"
  | "filled"
  | "cancelled"
  | "rejected"
  | "expired";
export type OrderSide = "bid" | "ask";
export type OrderType = "limit" | "market";
export type TimeInForce = "gtc" | "ioc" | "fok" | "gtd";

export interface OrderShape {
  id: string;
  symbol: string;
  side: OrderSide;
  order_type: OrderType;
  price: string | null;
  quantity: string;
  filled_quantity: string;
  status: OrderStatus;
  created_at: string;
  client_order_id: string;
  time_in_force: TimeInForce;
  post_only: boolean;
  remaining_quantity: string;
  average_price: string | null;
  quote_amount: string | null;
  expires_at: string | null;
  updated_at: string | null;
  sequence: number;
  reason: string | null;
}

export interface FillShape {
  id: string;
  symbol: string;
  side: "buy" | "sell";
  price: string;
  quantity: string;
  total: string;
  fee: string;
  settled_at: string;
  fee_asset: string;
  order_id: string;
  trade_id: number;
  role: "maker" | "taker";
  realised: string | null;
}

export interface BalanceShape {
  asset: string;
  available: string;
  locked: string;
}

export interface CandleShape {
  open_time: string;
  open: string;
  high: string;
  low: string;
  close: string;
  volume: string;
  turnover: string;
  trade_count: number;
}

export interface PlaceShape {
  symbol: string;
  side: OrderSide;
  order_type: OrderType;
  price?: string;
  quantity?: string;
  quote_amount?: string;
  max_slippage_price?: string;
  client_order_id: string;
  time_in_force?: TimeInForce;
  post_only?: boolean;
}

export interface ConfirmationShape {
  request_id: string;
  expires_at: string;
  text: string;
}

export interface MeShape {
  id: string;
  email: string;
  owner: string;
  account: string;
  scopes: string[];
  totp: boolean;
  created_at: string;
  server_key: string;
}
