/**
 * What the broker says of a pull request:
 * - `heartbeat` it is there, nothing has come
 * - `ended` the request is over (time, count, bytes): ask again
 * - `too-large` it ended because the next message is larger than it allowed
 * - `gone` there is no such consumer or stream
 * - `refused` not now (shutdown, another leader, too many requests): ask again a little later
 */
export type PullStatus = 'heartbeat' | 'ended' | 'too-large' | 'gone' | 'refused';

/** Reads code and text of a status message (nats-server 2.9 to 2.12). */
export function readPullStatus(code: number, description: string): PullStatus {
  const text = description.toLowerCase();
  if (code === 100) return 'heartbeat';
  if (code === 404 || code === 408) return 'ended';
  if (code === 503 || text.includes('consumer deleted') || text.includes('stream deleted')) return 'gone';
  if (text.includes('message size exceeds')) return 'too-large';
  if (text.includes('batch completed')) return 'ended';
  return 'refused';
}
