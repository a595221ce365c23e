/** The hot keys, for the help and the page that teaches them. */
export const HOTKEYS: readonly { keys: string; does: string }[] = [
  { keys: "Ctrl K", does: "Search or run a command; always on" },
  { keys: "B", does: "Write a buy order" },
  { keys: "S", does: "Write a sell order" },
  { keys: "M", does: "Limit or market" },
  { keys: "J · K", does: "Down and up in the order book; Enter takes the price, Space the quantity too" },
  { keys: "Shift X", does: "Cancel all orders of this market, at once" },
  { keys: "/", does: "Search markets" },
  { keys: "G, then T P O W", does: "Go to trade, portfolio, orders, wallet" },
  { keys: "?", does: "This list" },
];
