import { constants, zstdCompressSync, zstdDecompressSync, type ZstdOptions } from 'node:zlib';

/**
 * zstd for the Parquet library, by node:zlib. Always its synchronous calls: they compress in one pass, where the others go through a stream, copy
 * the input and take two turns of the thread pool. What is big is done in a thread of ours.
 */
export const COMPRESSORS = {
  ZSTD: (input: Uint8Array): Uint8Array => zstdCompressSync(input, compression(input)),
};

/** A page that claims a size and unpacks to more is refused while unpacking. */
export const DECOMPRESSORS = {
  ZSTD: (input: Uint8Array, outputLength: number): Uint8Array =>
    outputLength === 0 ? new Uint8Array() : zstdDecompressSync(input, decompression(outputLength)),
};

/** Unpacks what is zstd and gives exactly `outputLength` bytes; anything else is an error. */
export function decompressExactly(input: Uint8Array, outputLength: number): Uint8Array {
  const output = zstdDecompressSync(input, decompression(Math.max(1, outputLength)));
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
