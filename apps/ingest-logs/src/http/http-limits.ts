/** Bounds of the HTTP door. */
export interface HttpLimits {
  /** Bytes of a request's body, as sent and after decompression. */
  readonly bodyBytes: number;
  /** Bytes of one event. */
  readonly eventBytes: number;
  /** Events of one request. */
  readonly events: number;
}

/** A message of many events is filled up to this size. */
export const MESSAGE_BYTES = 256 * 1024;

/** A whole body is sent on as one message up to this size. */
export const WHOLE_BODY_BYTES = 512 * 1024;

/** Errors of items that an answer lists. */
export const LISTED_ERRORS = 1_000;

/** What the broker's headers may take beside an event in a message of at most 1 MiB. */
export const HEADER_ROOM_BYTES = 4 * 1024;
