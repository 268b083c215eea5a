import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { S3Error } from './s3-error.js';
import { MultipartUploads } from './multipart-uploads.js';
import { BucketObjects } from './s3-objects.js';

export interface Bucket {
  readonly name: string;
  readonly objects: BucketObjects;
  readonly uploads: MultipartUploads;
}

/** The buckets of a server: a folder each. */
export class S3Buckets {
  readonly #folder: string;
  readonly #open = new Map<string, Bucket>();

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  names(): string[] {
    return readdirSync(this.#folder).sort();
  }

  create(name: string): void {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name))
      throw new S3Error('InvalidArgument', `${name} is no bucket name`);
    if (existsSync(join(this.#folder, name))) throw new S3Error('BucketAlreadyOwnedByYou');
    mkdirSync(join(this.#folder, name, 'objects'), { recursive: true });
  }

  delete(name: string): void {
    if (this.get(name).objects.all().length > 0) throw new S3Error('BucketNotEmpty');
    rmSync(join(this.#folder, name), { recursive: true });
    this.#open.delete(name);
  }

  get(name: string): Bucket {
    const open = this.#open.get(name);
    if (open) return open;
    const folder = join(this.#folder, name);
    if (name === '' || name.includes('/') || name.startsWith('.') || !existsSync(folder))
      throw new S3Error('NoSuchBucket');
    const bucket = {
      name,
      objects: new BucketObjects(join(folder, 'objects')),
      uploads: new MultipartUploads(join(folder, 'uploads')),
    };
    this.#open.set(name, bucket);
    return bucket;
  }
}
