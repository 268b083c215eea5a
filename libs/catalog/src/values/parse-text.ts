const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const UUID_BARE = /^[0-9a-f]{32}$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const HEX = /^(?:[0-9a-fA-F]{2})*$/;

/** Any text that Postgres holds: no NUL, no unpaired surrogate. */
export function parseText(text: string): string | undefined {
  return text.isWellFormed() && !text.includes('\0') ? text : undefined;
}

/** true, t, yes, y, on, 1 and false, f, no, n, off, 0 in any case. */
export function parseBool(text: string): boolean | undefined {
  // What logs hold nearly always, before any lower-casing.
  if (text === 'False' || text === 'false') return false;
  if (text === 'True' || text === 'true') return true;
  switch (text.toLowerCase()) {
    case 'true':
    case 't':
    case 'yes':
    case 'y':
    case 'on':
    case '1':
      return true;
    case 'false':
    case 'f':
    case 'no':
    case 'n':
    case 'off':
    case '0':
      return false;
    default:
      return undefined;
  }
}

/** 36 lower-case characters from any case, with or without hyphens and braces. */
export function parseUuid(text: string): string | undefined {
  const lower = text.toLowerCase();
  const bare = lower.startsWith('{') && lower.endsWith('}') ? lower.slice(1, -1) : lower;
  if (UUID.test(bare)) return bare;
  if (!UUID_BARE.test(bare)) return undefined;
  return `${bare.slice(0, 8)}-${bare.slice(8, 12)}-${bare.slice(12, 16)}-${bare.slice(16, 20)}-${bare.slice(20)}`;
}

/** Bytes from `\x` and hex digits (Postgres) or from base64 with padding (JSON). */
export function parseBytes(text: string): Uint8Array | undefined {
  if (text.startsWith('\\x'))
    return HEX.test(text.slice(2)) ? Uint8Array.from(Buffer.from(text.slice(2), 'hex')) : undefined;
  return BASE64.test(text) ? Uint8Array.from(Buffer.from(text, 'base64')) : undefined;
}
