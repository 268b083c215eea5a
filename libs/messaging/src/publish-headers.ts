import type { MsgHdrs } from '@nats-io/transport-node';
import { messageHeaders } from './trace-headers.js';

const MSG_ID = 'Nats-Msg-Id';

/** Headers of a publication: the dedupe id (empty: none), what the caller gives, the active trace. */
export function publishHeaders(msgId: string, given: Readonly<Record<string, string>>): MsgHdrs | undefined {
  return messageHeaders(msgId === '' ? given : { ...given, [MSG_ID]: msgId });
}
