import { expect, it } from 'vitest';
import { readerUrl } from './reader-url.js';

it('names the same database, as bi_reader, with its own password or none', () => {
  const warehouse = 'postgres://rollcall:secret@127.0.0.1:5433/roll%20call';
  expect(readerUrl(warehouse)).toBe('postgres://bi_reader@127.0.0.1:5433/roll%20call');
  expect(readerUrl(warehouse, 'p@ss/word')).toBe('postgres://bi_reader:p%40ss%2Fword@127.0.0.1:5433/roll%20call');
});
