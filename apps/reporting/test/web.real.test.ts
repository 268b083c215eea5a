import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { testFolder, type TestFolder } from '@rollcall/testkit';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiBed, type ApiBed } from './api-bed.js';

const SCRIPT = `console.log(${JSON.stringify('x'.repeat(5_000))})`;

let folder: TestFolder;
let bed: ApiBed;
beforeAll(async () => {
  folder = await testFolder();
  await mkdir(join(folder.path, 'assets'));
  await writeFile(join(folder.path, 'index.html'), '<!doctype html><title>Rollcall</title>');
  await writeFile(join(folder.path, 'assets/index-B4x9_kQz.js'), SCRIPT);
  await writeFile(join(folder.path, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(join(folder.path, 'secret.key'), 'not served');
  await symlink('/etc/hostname', join(folder.path, 'linked.txt'));
  bed = await apiBed({ env: { WEB_DIR: folder.path } });
});
afterAll(async () => {
  await bed[Symbol.asyncDispose]();
  await folder.remove();
});

function get(path: string): supertest.Test {
  return supertest(bed.service.url).get(path);
}

/** A request line as written: clients would tidy the path. */
async function raw(path: string): Promise<string> {
  const { port, hostname } = new URL(bed.service.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () =>
      socket.end(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\nConnection: close\r\n\r\n`),
    );
    let text = '';
    socket.on('data', (piece) => (text += piece.toString()));
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
}

describe('the web app', () => {
  it('has one page for all of its addresses, never kept', async () => {
    for (const path of ['/', '/reports/everything?mode=gap', '/quarantine', '/index.html']) {
      const { text, headers } = await get(path).set('accept', 'text/html,*/*').expect(200);
      expect(text).toContain('<title>Rollcall');
      expect(headers['cache-control']).toBe('no-store');
    }
  });

  it('has files whose name holds their hash, kept for ever and compressed', async () => {
    const { headers, text } = await get('/assets/index-B4x9_kQz.js').set('accept-encoding', 'gzip').expect(200);
    expect(text).toBe(SCRIPT);
    expect(headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
      'content-encoding': 'gzip',
    });
    const icon = await get('/favicon.svg').expect(200);
    expect(icon.headers['cache-control']).toBe('no-cache');
    await get('/favicon.svg').set('if-none-match', String(icon.headers['etag'])).expect(304);
  });

  it('has nothing but its own files', async () => {
    for (const path of ['/secret.key', '/linked.txt', '/assets/index-AAAAAAAA.js', '/assets/']) {
      const { body } = await get(path).set('accept', '*/*;q=0.1, text/css').expect(404);
      expect(body.code).toBe('not-found');
    }
    for (const path of [
      '/../../etc/passwd',
      '/assets/..%2f..%2fetc/passwd',
      '//etc/passwd',
      '/%2e%2e/etc/passwd',
      '/assets/%00',
    ]) {
      expect(await raw(path)).toMatch(/^HTTP\/1\.1 40[04] /);
    }
  });

  it('does not answer for the API', async () => {
    for (const path of ['/api', '/api/', '/api/v2/reports', '/api/v1/nothing']) {
      const { body, headers } = await get(path).set('accept', 'text/html').expect(404);
      expect(body.code).toBe('not-found');
      expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    }
    await supertest(bed.service.url).post('/api/v1/reports').expect(404);
  });

  it('is read again when it was built again', async () => {
    await writeFile(join(folder.path, 'index.html'), '<!doctype html><title>Rebuilt</title>');
    await utimes(join(folder.path, 'index.html'), new Date(), new Date(Date.now() + 5_000));
    expect((await get('/').set('accept', 'text/html').expect(200)).text).toContain('Rebuilt');
  });

  it('that is not built says how to build it', async () => {
    await using own = await apiBed();
    const { text } = await supertest(own.service.url).get('/').set('accept', 'text/html').expect(503);
    expect(text).toContain('npm run build');
  });
});
