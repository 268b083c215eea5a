import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** zstd for the Parquet library, by node:zlib. Level 1: twice as fast as 3 for about a tenth more bytes. */
export const COMPRESSORS = {
  ZSTD: (input: Uint8Array): Uint8Array =>
    zstdCompressSync(input, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }),
};

/** A page that claims a size and unpacks to more is refused while unpacking. */
export const DECOMPRESSORS = {
  ZSTD: (input: Uint8Array, outputLength: number): Uint8Array =>
    outputLength === 0 ? new Uint8Array() : zstdDecompressSync(input, { maxOutputLength: outputLength }),
};
