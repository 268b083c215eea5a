const DURATION = /^(\d+)(s|m|h|d)$/;
const SIZE = /^(\d+)(B|kB|KB|MB|GB|KiB|MiB|GiB)$/;
const SHARE = /^(\d{1,3}(?:\.\d+)?)%$/;

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const BYTES: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1000,
  KB: 1000,
  MB: 1_000_000,
  GB: 1_000_000_000,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/** Seconds of `2s`, `30m`, `1h`, `7d`; undefined: not a duration, or none at all. */
export function parseDuration(text: string): number | undefined {
  return scaled(DURATION.exec(text), SECONDS);
}

/** Bytes of `500kB`, `32MB` (powers of 1000), `32MiB` (of 1024); undefined: not a size, or none at all. */
export function parseSize(text: string): number | undefined {
  return scaled(SIZE.exec(text), BYTES);
}

/** 0 to 1 of `50%`; undefined: not a share. */
export function parseShare(text: string): number | undefined {
  const share = Number(SHARE.exec(text)?.[1] ?? Number.NaN) / 100;
  return share <= 1 ? share : undefined;
}

function scaled(parts: RegExpExecArray | null, units: Readonly<Record<string, number>>): number | undefined {
  const value = Number(parts?.[1]) * (units[parts?.[2] ?? ''] ?? Number.NaN);
  return Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
