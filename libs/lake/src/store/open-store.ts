import { fileURLToPath } from 'node:url';
import { RollcallError } from '@rollcall/kernel';
import { FileStore } from './file-store.js';
import type { ObjectStore } from './object-store.js';
import { S3Store, s3Client, type S3Settings } from './s3-store.js';

export interface StoreSettings {
  /** `file:///absolute/folder` or `s3://bucket/prefix`. */
  readonly url: string;
  /** How to reach S3. Left out: AWS, by the credentials and region of the environment. */
  readonly s3?: S3Settings;
  /** Set inside Kubernetes (KUBERNETES_SERVICE_HOST is there): a folder of a pod is no lake, so `file:` is refused. */
  readonly kubernetes?: boolean;
}

/** Opens a store; nothing is touched yet. Code `config/invalid` for an address that cannot be one. */
export async function openStore(settings: StoreSettings): Promise<ObjectStore> {
  const url = parseUrl(settings.url);
  switch (url.protocol) {
    case 'file:': {
      if (settings.kubernetes)
        throw invalid(
          'file: is refused inside Kubernetes, where folders do not outlive pods and are not shared; use s3://',
        );
      if (url.host !== '') throw invalid('file: takes an absolute path, as in file:///var/lib/rollcall');
      return new FileStore(url.href, fileURLToPath(url));
    }
    case 's3:': {
      if (url.username || url.password) throw invalid('credentials do not belong in an s3:// address');
      const prefix = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '');
      return new S3Store(
        `s3://${url.host}${prefix && `/${prefix}`}`,
        s3Client(settings.s3 ?? {}),
        url.host,
        prefix && `${prefix}/`,
      );
    }
    default:
      throw invalid(`${url.protocol} is no kind of store; use file:///folder or s3://bucket/prefix`);
  }
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (!url) throw invalid('not a URL; use file:///folder or s3://bucket/prefix');
  return url;
}

function invalid(reason: string): RollcallError {
  return new RollcallError('config/invalid', `lake address: ${reason}`);
}
