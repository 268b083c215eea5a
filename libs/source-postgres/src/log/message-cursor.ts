import { RollcallError } from '@rollcall/kernel';

/** Microseconds from 1970 to 2000, where Postgres counts from. */
const POSTGRES_EPOCH_MICROS = 946_684_800_000_000n;

/** A message of pgoutput, read from its first byte to its last and never beyond. */
export class MessageCursor {
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  /** What the message is, as faults name it. */
  what = 'message';

  set(bytes: Buffer): void {
    this.bytes = bytes;
    this.at = 0;
    this.what = 'message';
  }

  /** Moves over `count` bytes and gives where they begin. */
  take(count: number): number {
    const from = this.at;
    if (count < 0 || count > this.bytes.length - from) this.fail('ends too early');
    this.at = from + count;
    return from;
  }

  uint8(): number {
    return this.bytes[this.take(1)] ?? 0;
  }

  uint16(): number {
    return this.bytes.readUInt16BE(this.take(2));
  }

  uint32(): number {
    return this.bytes.readUInt32BE(this.take(4));
  }

  int32(): number {
    return this.bytes.readInt32BE(this.take(4));
  }

  uint64(): bigint {
    return this.bytes.readBigUInt64BE(this.take(8));
  }

  /** Microseconds since 1970. */
  instant(): bigint {
    return this.bytes.readBigInt64BE(this.take(8)) + POSTGRES_EPOCH_MICROS;
  }

  /** A text up to its NUL. */
  text(): string {
    const end = this.bytes.indexOf(0, this.at);
    if (end < 0) this.fail('has a name without an end');
    const text = this.bytes.toString('utf8', this.at, end);
    this.at = end + 1;
    return text;
  }

  end(): void {
    if (this.at !== this.bytes.length) this.fail(`goes on for ${this.bytes.length - this.at} bytes after its end`);
  }

  /** @throws RollcallError source/unfit */
  fail(how: string): never {
    throw new RollcallError('source/unfit', `pgoutput: a ${this.what} message of ${this.bytes.length} bytes ${how}`);
  }
}
