import { Buffer } from 'node:buffer';
import { csvHeaderFaults, type Dataset, type DropRule, type PiiKey, type ReadRow } from '@rollcall/catalog';
import type { Framed, Stretch } from '../framing/framed.js';
import { RecordFramer } from '../framing/record-framer.js';
import { type Layout, SNIFF_BYTES, sniffLayout } from '../framing/sniff-layout.js';
import { buildRecordReader, fieldsOf, type FilePlan, type RecordReader } from './record-reader.js';

/** What became of one stretch of a file. */
export type FileItem =
  | (Stretch & { readonly kind: 'row'; readonly row: ReadRow })
  | (Stretch & { readonly kind: 'rejected'; readonly reason: string; readonly bytes: Uint8Array })
  /** The file as a whole cannot be read; nothing follows. The stretch is its first line. */
  | (Stretch & { readonly kind: 'refused'; readonly reason: string; readonly bytes: Uint8Array });

export interface FileReaderOptions {
  readonly dataset: Dataset;
  readonly rule: DropRule;
  /** The object's key: its ending tells the format where the rule says `auto`. */
  readonly key: string;
  readonly piiKey?: PiiKey | undefined;
  /** Where to go on, and how. The first byte pushed is the one at `offset`, on which line `line` begins. */
  readonly resume?: { readonly plan: FilePlan; readonly offset: number; readonly line: number } | undefined;
}

/**
 * Turns the bytes of a file, in whatever chunks they come, into rows and rejected lines with their exact places.
 * No clock, no I/O: the same bytes always give the same items.
 */
export class FileReader {
  readonly #options: FileReaderOptions;
  readonly #head: Uint8Array[] = [];
  #headBytes = 0;
  #framer: RecordFramer | undefined;
  #layout: Layout | undefined;
  #plan: FilePlan | undefined;
  #readRecord: RecordReader | undefined;
  #refused = false;

  constructor(options: FileReaderOptions) {
    this.#options = options;
    if (!options.resume) return;
    const { plan, offset, line } = options.resume;
    this.#frame(plan.layout, offset, line);
    this.#setPlan(plan);
  }

  /** How the file is read, as soon as that is known. */
  get plan(): FilePlan | undefined {
    return this.#plan;
  }

  push(chunk: Uint8Array): FileItem[] {
    if (this.#refused) return [];
    if (this.#framer) return this.#items(this.#framer.push(chunk));
    this.#head.push(chunk);
    this.#headBytes += chunk.length;
    return this.#headBytes < SNIFF_BYTES ? [] : this.#open();
  }

  /** What is left when the file ends here. An empty file has no items. */
  end(): FileItem[] {
    if (this.#refused) return [];
    const opened = this.#framer || this.#headBytes === 0 ? [] : this.#open();
    return this.#framer && !this.#refused ? [...opened, ...this.#items(this.#framer.end())] : opened;
  }

  /** Decides the layout from the first bytes, then reads them. */
  #open(): FileItem[] {
    const head = Buffer.concat(this.#head);
    const { key, rule, dataset } = this.#options;
    const known = new Set(dataset.columns.flatMap((column) => [column.name, ...column.from]));
    const sniffed = sniffLayout({ head, key: key.replace(/\.gz$/i, ''), rule, known });
    if (sniffed.kind !== 'ok') {
      const to = firstLineEnd(head);
      return [this.#refuse(sniffed.reason, { line: 1, nextLine: 2, from: 0, to }, head.subarray(0, to))];
    }
    const layout = sniffed.value;
    const framer = this.#frame(layout, layout.begin, 1);
    if (layout.format === 'ndjson') this.#setPlan({ layout });
    return this.#items(framer.push(head.subarray(layout.begin)));
  }

  #frame(layout: Layout, offset: number, line: number): RecordFramer {
    const quotes = layout.format === 'csv' ? { delimiter: layout.delimiter } : {};
    this.#framer = new RecordFramer({ ...quotes, lineEnd: layout.lineEnd, offset, line });
    this.#layout = layout;
    return this.#framer;
  }

  #setPlan(plan: FilePlan): void {
    this.#plan = plan;
    this.#readRecord = buildRecordReader(this.#options.dataset, plan, this.#options.piiKey);
  }

  #items(framed: readonly Framed[]): FileItem[] {
    const items: FileItem[] = [];
    for (const one of framed) {
      const item = this.#readRecord ? this.#item(one, this.#readRecord) : this.#takeHeader(one);
      if (item) items.push(item);
      if (this.#refused) break;
    }
    return items;
  }

  #item(one: Framed, readRecord: RecordReader): FileItem {
    if (one.kind === 'rejected') return one;
    const { line, nextLine, from, to } = one;
    const outcome = readRecord(one);
    return outcome.kind === 'ok'
      ? { kind: 'row', line, nextLine, from, to, row: outcome.value }
      : { kind: 'rejected', line, nextLine, from, to, reason: outcome.reason, bytes: Buffer.from(one.text) };
  }

  /** The first record of a CSV file: its header line, unless the catalog holds the header and this is data already. */
  #takeHeader(one: Framed): FileItem | undefined {
    const { dataset, rule } = this.#options;
    if (one.kind === 'rejected' && !rule.header) return this.#refuse('unreadable-header', one, one.bytes);
    const layout = this.#layout;
    const fields = one.kind === 'record' && layout?.format === 'csv' ? fieldsOf(one, layout.delimiter) : undefined;
    const header = rule.header ?? fields?.map((name) => name.trim());
    if (!layout || !header) return this.#refuse('unreadable-header', one, bytesOf(one));
    if (csvHeaderFaults(dataset, header).length > 0) return this.#refuse('header-without-key', one, bytesOf(one));
    this.#setPlan({ layout, header });
    const isHeaderLine = !rule.header || sameNames(fields, rule.header);
    return isHeaderLine || !this.#readRecord ? undefined : this.#item(one, this.#readRecord);
  }

  #refuse(reason: string, { line, nextLine, from, to }: Stretch, bytes: Uint8Array): FileItem {
    this.#refused = true;
    return { kind: 'refused', reason, line, nextLine, from, to, bytes };
  }
}

function bytesOf(one: Framed): Uint8Array {
  return one.kind === 'record' ? Buffer.from(one.text) : one.bytes;
}

function firstLineEnd(head: Uint8Array): number {
  const found = head.indexOf(10);
  return found < 0 ? head.length : found + 1;
}

function sameNames(fields: readonly string[] | undefined, header: readonly string[]): boolean {
  return fields?.length === header.length && fields.every((field, i) => field.trim() === header[i]);
}
