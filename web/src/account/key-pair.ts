/** Ed25519 keys made here: the secret is shown once and never leaves the browser. */

export interface KeyPair {
  publicKey: Uint8Array<ArrayBuffer>;
  /** What a program needs: 32 bytes. */
  seed: Uint8Array<ArrayBuffer>;
  sign: (message: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>;
}

const SEED_AT = 16;

/** Raises where the browser cannot make such keys. */
export async function newKeyPair(): Promise<KeyPair> {
  const pair = (await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"])) as CryptoKeyPair;
  const whole = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
  return {
    publicKey: new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)),
    // RFC 8410: sixteen bytes of structure, then the seed.
    seed: whole.slice(SEED_AT, SEED_AT + 32),
    sign: async (message) => new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, message)),
  };
}

/** What proves to the exchange that the key is ours and meant for it. */
export function enrolment(serverKey: string, owner: string): Uint8Array<ArrayBuffer> {
  const prefix = new TextEncoder().encode("mx-api-key-1");
  const server = fromBase64(serverKey);
  const message = new Uint8Array(prefix.length + server.length + 8);
  message.set(prefix);
  message.set(server, prefix.length);
  new DataView(message.buffer).setBigUint64(prefix.length + server.length, BigInt(owner), true);
  return message;
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCodePoint(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.codePointAt(0) ?? 0);
}
