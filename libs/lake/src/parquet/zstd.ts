import {
  constants,
  zstdCompress,
  zstdCompressSync,
  zstdDecompress,
  zstdDecompressSync,
  type ZstdOptions,
} from 'node:zlib';

/** zstd for the Parquet library, by node:zlib. */
export const COMPRESSORS = {
  ZSTD: (input: Uint8Array): Uint8Array => zstdCompressSync(input, compression(input)),
};

/** A page that claims a size and unpacks to more is refused while unpacking. */
export const DECOMPRESSORS = {
  ZSTD: (input: Uint8Array, outputLength: number): Uint8Array =>
    outputLength === 0 ? new Uint8Array() : zstdDecompressSync(input, decompression(outputLength)),
};

/** So little is done sooner than handed to another thread. */
const SMALL_BYTES = 16 * 1024;

/** The same bytes as COMPRESSORS gives, made outside the main thread. `input` must not change until then. */
export async function compressAside(input: Uint8Array): Promise<Uint8Array> {
  if (input.byteLength <= SMALL_BYTES) return COMPRESSORS.ZSTD(input);
  return new Promise((resolve, reject) => {
    zstdCompress(input, compression(input), (error, output) => (error ? reject(error) : resolve(output)));
  });
}

/** Unpacks outside the main thread. Rejects what is not zstd, and what does not unpack to exactly `outputLength` bytes. */
export async function decompressAside(input: Uint8Array, outputLength: number): Promise<Uint8Array> {
  const options = decompression(Math.max(1, outputLength));
  const output =
    outputLength <= SMALL_BYTES
      ? zstdDecompressSync(input, options)
      : await new Promise<Uint8Array>((resolve, reject) => {
          zstdDecompress(input, options, (error, unpacked) => (error ? reject(error) : resolve(unpacked)));
        });
  if (output.byteLength !== outputLength)
    throw new Error(`a page of ${output.byteLength} bytes says it has ${outputLength}`);
  return output;
}

/** What zstd adds to what it cannot make smaller, with room: so that a page is one call. */
const SLACK_BYTES = 1024;
/** Of a page that is bigger, the output comes in pieces. */
const MAX_PIECE_BYTES = 2 * 1024 * 1024;

/** Level 1: twice as fast as 3 for about a tenth more bytes. */
function compression(input: Uint8Array): ZstdOptions {
  return {
    params: { [constants.ZSTD_c_compressionLevel]: 1 },
    pledgedSrcSize: input.byteLength,
    chunkSize: Math.min(MAX_PIECE_BYTES, input.byteLength + (input.byteLength >> 8) + SLACK_BYTES),
  };
}

function decompression(outputLength: number): ZstdOptions {
  return { maxOutputLength: outputLength, chunkSize: outputLength + SLACK_BYTES };
}
