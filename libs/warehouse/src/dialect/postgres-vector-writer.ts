import { DATE_INFINITY, DATE_MINUS_INFINITY, type ColumnVector, type LogicalType } from '@rollcall/catalog';
import { spanSource, type CopyBuffer, type SpanSource } from './copy-buffer.js';
import { appendDecimal, appendNumericText, appendWideDecimal, decimalScale } from './numeric-field.js';
import { EPOCH_DAYS, EPOCH_MICROS } from './postgres-limits.js';

type Writer = (buffer: CopyBuffer) => void;

/** Writes a column into a COPY row by row: a cursor over its bytes that swaps their order. No value is made. */
export function postgresVectorWriter(type: LogicalType, vector: ColumnVector): Writer {
  const write = presentWriter(type, vector.body);
  const { present } = vector;
  if (present === undefined) return write;
  let row = 0;
  return (buffer) => {
    if (present[row++] === 0) buffer.null();
    else write(buffer);
  };
}

function presentWriter(type: LogicalType, body: Uint8Array): Writer {
  const source = spanSource(body);
  const { view } = source;
  let at = 0;
  switch (type.name) {
    case 'bool':
      return (buffer) => buffer.bool(body[at++] === 1);
    case 'int2':
      return (buffer) => {
        buffer.int2(view.getInt32(at, true));
        at += 4;
      };
    case 'int4':
    case 'float4':
      return (buffer) => {
        buffer.word(view.getInt32(at, true));
        at += 4;
      };
    case 'date':
      return (buffer) => {
        const day = view.getInt32(at, true);
        buffer.word(day === DATE_INFINITY || day === DATE_MINUS_INFINITY ? day : day - EPOCH_DAYS);
        at += 4;
      };
    case 'int8':
    case 'time':
    case 'float8':
      return (buffer) => {
        buffer.words(view.getInt32(at + 4, true), view.getInt32(at, true));
        at += 8;
      };
    case 'timestamp':
    case 'timestamptz':
      return (buffer) => {
        appendInstant(buffer, view.getInt32(at + 4, true), view.getUint32(at, true));
        at += 8;
      };
    case 'uuid':
      return (buffer) => {
        buffer.span(source, at, at + 16);
        at += 16;
      };
    case 'decimal':
      return decimalWriter(type.precision, type.scale, view);
    default:
      return spanWriter(type, source);
  }
}

function spanWriter(type: LogicalType, source: SpanSource): Writer {
  const append = spanAppender(type);
  let at = 0;
  return (buffer) => {
    const from = at + 4;
    at = from + source.view.getInt32(at, true);
    append(buffer, source, from, at);
  };
}

function spanAppender(type: LogicalType): (buffer: CopyBuffer, source: SpanSource, from: number, to: number) => void {
  switch (type.name) {
    case 'numeric':
      return (buffer, { bytes }, from, to) => appendNumericText(buffer, bytes, from, to);
    case 'json':
    case 'array':
      return (buffer, source, from, to) => buffer.jsonSpan(source, from, to);
    default:
      return (buffer, source, from, to) => buffer.span(source, from, to);
  }
}

const EPOCH_HIGH = Number(EPOCH_MICROS >> 32n);
const EPOCH_LOW = Number(EPOCH_MICROS & 0xffff_ffffn);

/** `low` is unsigned. The infinities stay what they are. */
function appendInstant(buffer: CopyBuffer, high: number, low: number): void {
  if ((high === 0x7fff_ffff && low === 0xffff_ffff) || (high === -0x8000_0000 && low === 0)) buffer.words(high, low);
  else buffer.words(high - EPOCH_HIGH - (low < EPOCH_LOW ? 1 : 0), low - EPOCH_LOW);
}

function decimalWriter(precision: number, scale: number, view: DataView): Writer {
  const scaled = decimalScale(scale);
  let at = 0;
  if (precision <= 9) {
    return (buffer) => {
      appendDecimal(buffer, view.getInt32(at, true), scaled);
      at += 4;
    };
  }
  if (precision <= 18) {
    return (buffer) => {
      const high = view.getInt32(at + 4, true);
      // Below 2^52 the two halves are one exact number.
      if (high >= -0x10_0000 && high < 0x10_0000)
        appendDecimal(buffer, high * 0x1_0000_0000 + view.getUint32(at, true), scaled);
      else appendWideDecimal(buffer, view.getBigInt64(at, true), scaled);
      at += 8;
    };
  }
  return (buffer) => {
    appendWideDecimal(buffer, (view.getBigInt64(at) << 64n) | view.getBigUint64(at + 8), scaled);
    at += 16;
  };
}
