import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Encoding } from './accepts.js';

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** Smaller answers fit into one packet as they are. */
const WORTH_COMPRESSING_BYTES = 1_400;

/** Low: an answer is made while somebody waits for it. Already 4 is several times smaller for JSON. */
const BROTLI_QUALITY = 4;
const GZIP_LEVEL = 4;

/** The bytes of an answer, in each content coding that somebody asked for; each made once. */
export class StoredAnswer {
  readonly type: string;
  readonly #plain: Buffer;
  readonly #compressible: boolean;
  readonly #coded = new Map<Encoding, Promise<Buffer>>();
  readonly #onGrown: (bytes: number) => void;

  /** @param onGrown told how many bytes a coding added */
  constructor(type: string, body: string | Uint8Array, onGrown: (bytes: number) => void = () => undefined) {
    this.type = type;
    this.#plain = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.length);
    this.#compressible = this.#plain.length >= WORTH_COMPRESSING_BYTES && isText(type);
    this.#onGrown = onGrown;
  }

  /** Of the plain bytes. */
  get bytes(): number {
    return this.#plain.length;
  }

  /** What is sent to a reader who takes `wanted`. */
  codingFor(wanted: Encoding): Encoding {
    return this.#compressible ? wanted : 'identity';
  }

  async coded(coding: Encoding): Promise<Buffer> {
    if (coding === 'identity') return this.#plain;
    let made = this.#coded.get(coding);
    if (!made) {
      made = compress(this.#plain, coding).then((bytes) => {
        this.#onGrown(bytes.length);
        return bytes;
      });
      this.#coded.set(coding, made);
    }
    return made;
  }
}

function compress(plain: Buffer, coding: 'br' | 'gzip'): Promise<Buffer> {
  if (coding === 'gzip') return zip(plain, { level: GZIP_LEVEL });
  const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length };
  return brotli(plain, { params });
}

/** Fonts and pictures are compressed already. */
export function isText(type: string): boolean {
  return /^text\/|[/+](json|xml|javascript|manifest\+json)\b/.test(type);
}
