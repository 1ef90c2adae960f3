import compress from "@fastify/compress";
import type { FastifyInstance } from "fastify";
import { constants } from "node:zlib";

/** Smaller answers, in bytes, are sent as they are: compressing them costs more than it saves. */
const THRESHOLD_BYTES = 1_024;

/** At these levels a page of 100 contacts shrinks to a tenth: `npm run bench -- --only f`. Higher levels save little more. */
const GZIP_LEVEL = 4;
const BROTLI_QUALITY = 4;

/**
 * Compresses the answers of all routes that are added to this scope afterwards, if the caller accepts it. Larger answers are
 * compressed outside of the event loop.
 */
export async function compressAnswers(scope: FastifyInstance): Promise<void> {
  await scope.register(compress, {
    // Bodies of requests are never decompressed.
    globalDecompression: false,
    // Brotli saves a seventh more bytes for three times the extra CPU, so it is for callers who prefer it.
    encodings: ["gzip", "br"],
    threshold: THRESHOLD_BYTES,
    zlibOptions: { level: GZIP_LEVEL },
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } },
  });
}
