import type { MsgHdrs } from '@nats-io/transport-node';
import { sha256Hex } from '@rollcall/kernel';
import { messageHeaders } from './trace-headers.js';

const MSG_ID = 'Nats-Msg-Id';
const PLAIN_ID = /^[\x21-\x7e]{1,200}$/;

/** Headers of a publication: the dedupe id (empty: none), what the caller gives, the active trace. */
export function publishHeaders(msgId: string, given: Readonly<Record<string, string>>): MsgHdrs | undefined {
  return messageHeaders(msgId === '' ? given : { ...given, [MSG_ID]: headerId(msgId) });
}

/** Ids come from outside: what a header cannot carry (line breaks, other alphabets, a novel) is replaced by its hash. */
function headerId(msgId: string): string {
  return PLAIN_ID.test(msgId) ? msgId : sha256Hex(msgId);
}
