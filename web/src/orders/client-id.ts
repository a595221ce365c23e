/** Ids that this page gives to its orders, so that a repeated one is still one order. */

/** A UUIDv7: sorted by time, which is the exchange's own by `offsetMs`. */
export function newClientId(offsetMs: number, nowMs: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const view = new DataView(bytes.buffer);
  const stamp = BigInt(Math.max(0, Math.round(nowMs + offsetMs)));
  view.setUint32(0, Number(stamp >> 16n));
  view.setUint16(4, Number(stamp & 0xffffn));
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f));
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
