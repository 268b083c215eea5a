import { type Buffer, isUtf8 } from 'node:buffer';
import { ByteWindow } from './byte-window.js';
import { type Framed, type FramingFault, KEPT_BYTES, MAX_RECORD_BYTES } from './framed.js';

const LF = 10;
const CR = 13;
const QUOTE = 34;

export interface FramerOptions {
  /** Field delimiter (one ASCII character): line ends inside quotes belong to the record. Absent: every line is a record. */
  readonly delimiter?: string;
  /** `lf` also takes CRLF; a lone CR is data there. */
  readonly lineEnd: 'lf' | 'cr';
  /** Where the first pushed byte stands in the file. */
  readonly offset?: number;
  /** The line (from 1) that begins at `offset`. */
  readonly line?: number;
  readonly maxRecordBytes?: number;
}

/**
 * Cuts bytes into records, whatever the chunks they come in; empty lines are passed over.
 * A quote that is not closed by the end of the file or within the longest record costs the line it stands on: reading goes on
 * with the next line, so that one bad line never swallows the rest.
 */
export class RecordFramer {
  readonly #window = new ByteWindow();
  readonly #eol: number;
  readonly #delimiter: number | undefined;
  readonly #maxBytes: number;
  /** File offset of window index 0. */
  #base: number;
  /** Line on which the record at `window.start` begins, and lines passed since. */
  #line: number;
  #passed = 0;
  /** Scan state, kept between chunks. */
  #at = 0;
  #inQuotes = false;
  #closedAt = -1;
  #quoted = false;
  #high = 0;
  /** Offset at which a record began that is too long to keep. */
  #overlongFrom: number | undefined;
  #overlongKept: Uint8Array = new Uint8Array(0);
  #out: Framed[] = [];

  constructor(options: FramerOptions) {
    this.#eol = options.lineEnd === 'cr' ? CR : LF;
    this.#delimiter = options.delimiter?.charCodeAt(0);
    this.#maxBytes = options.maxRecordBytes ?? MAX_RECORD_BYTES;
    this.#base = options.offset ?? 0;
    this.#line = options.line ?? 1;
  }

  /** The records that end in this chunk. */
  push(chunk: Uint8Array): Framed[] {
    const before = this.#window.start;
    this.#window.append(chunk);
    this.#shift(before - this.#window.start);
    return this.#drain('more');
  }

  /** The records that are left when the file ends here. */
  end(): Framed[] {
    return this.#drain('last');
  }

  /** The window moved its bytes to the front by `distance`. */
  #shift(distance: number): void {
    this.#base += distance;
    this.#at -= distance;
    this.#closedAt -= distance;
  }

  #drain(mode: 'more' | 'last'): Framed[] {
    this.#out = [];
    for (;;) {
      if (this.#overlongFrom !== undefined && !this.#skipOverlong(mode)) break;
      this.#scan();
      const held = this.#window.length;
      if (mode === 'more' && held <= this.#maxBytes) break;
      if (held === 0) break;
      if (this.#passed > 0 && (this.#inQuotes || held > this.#maxBytes)) this.#rejectFirstLine();
      else if (held > this.#maxBytes) this.#beginOverlong();
      else this.#emit(this.#window.end, 0, this.#inQuotes ? 'unclosed-quote' : undefined);
    }
    if (this.#window.length === 0) this.#rewindWindow();
    return this.#out;
  }

  #scan(): void {
    const { bytes, end } = this.#window;
    const eol = this.#eol;
    const delimiter = this.#delimiter;
    let high = this.#high;
    let i = this.#at;
    while (i < end) {
      const byte = bytes[i++] ?? 0;
      high |= byte;
      if (byte > QUOTE) continue;
      if (byte === eol) {
        this.#passed++;
        if (this.#inQuotes) continue;
        this.#high = high;
        if (this.#passed > 1 && i - this.#window.start > this.#maxBytes) this.#rejectFirstLine();
        else this.#emit(i, 1, undefined);
        i = this.#at;
        high = 0;
      } else if (byte === QUOTE) {
        this.#quoted = true;
        if (delimiter === undefined) continue;
        if (this.#inQuotes) {
          this.#inQuotes = false;
          this.#closedAt = i;
        } else {
          // A quote right behind a closing one is an escaped quote; one at the start of a field opens; any other is left to the field reader.
          const start = i - 1;
          this.#inQuotes = this.#closedAt === start || start === this.#window.start || bytes[start - 1] === delimiter;
        }
      }
    }
    this.#high = high;
    this.#at = i;
  }

  /** Ends the record at window index `to`; `terminator` bytes of it are the line end. */
  #emit(to: number, terminator: number, fault: FramingFault | undefined): void {
    const { bytes, start } = this.#window;
    let textEnd = to - terminator;
    if (this.#eol === LF && textEnd > start && bytes[textEnd - 1] === CR) textEnd--;
    const nextLine = this.#line + this.#passed;
    const at = { line: this.#line, nextLine, from: this.#base + start, to: this.#base + to };
    if (to - start > this.#maxBytes) fault = 'record-too-long';
    if (fault !== undefined) {
      this.#out.push({ kind: 'rejected', reason: fault, ...at, bytes: kept(bytes, start, textEnd) });
    } else if (textEnd > start) {
      const ascii = this.#high < 128;
      if (ascii || isUtf8(bytes.subarray(start, textEnd))) {
        const text = bytes.toString(ascii ? 'latin1' : 'utf8', start, textEnd);
        this.#out.push({ kind: 'record', ...at, text, quoted: this.#quoted });
      } else {
        this.#out.push({ kind: 'rejected', reason: 'invalid-utf8', ...at, bytes: kept(bytes, start, textEnd) });
      }
    }
    this.#beginAt(to, nextLine);
  }

  #beginAt(index: number, line: number): void {
    this.#window.start = index;
    this.#at = index;
    this.#line = line;
    this.#passed = 0;
    this.#inQuotes = false;
    this.#closedAt = -1;
    this.#quoted = false;
    this.#high = 0;
  }

  /** A quote opened on this record's first line does not close: that line is rejected, the next ones are read again. */
  #rejectFirstLine(): void {
    const lineEnd = this.#window.bytes.indexOf(this.#eol, this.#window.start);
    this.#passed = 1;
    this.#emit(lineEnd + 1, 1, 'unclosed-quote');
  }

  #beginOverlong(): void {
    const { bytes, start, end } = this.#window;
    this.#overlongFrom = this.#base + start;
    this.#overlongKept = kept(bytes, start, end);
    this.#beginAt(end, this.#line);
    this.#rewindWindow();
  }

  /** Passes over the rest of a record that is too long, up to its line end. False when that is not here yet. */
  #skipOverlong(mode: 'more' | 'last'): boolean {
    const { bytes, start, end } = this.#window;
    const found = bytes.subarray(0, end).indexOf(this.#eol, start);
    if (found < 0 && mode === 'more') {
      this.#beginAt(end, this.#line);
      return false;
    }
    const to = found < 0 ? end : found + 1;
    const from = this.#overlongFrom ?? 0;
    const nextLine = this.#line + 1;
    const at = { line: this.#line, nextLine, from, to: this.#base + to };
    this.#out.push({ kind: 'rejected', reason: 'record-too-long', ...at, bytes: this.#overlongKept });
    this.#overlongFrom = undefined;
    this.#overlongKept = new Uint8Array(0);
    this.#beginAt(to, nextLine);
    return true;
  }

  #rewindWindow(): void {
    this.#base += this.#window.start;
    this.#window.clear();
    this.#at = 0;
    this.#closedAt = -1;
  }
}

function kept(bytes: Buffer, from: number, to: number): Uint8Array {
  return Uint8Array.from(bytes.subarray(from, Math.min(to, from + KEPT_BYTES)));
}
