import type pg from 'pg';

/**
 * A statement that answers with COPY data, whose messages are read as bytes from the connection itself: pg would make an object of every row.
 * To be given to `client.query`. While it is being read the socket is not pg's; `finish` gives it back.
 */
export class CopyOutQuery implements pg.Submittable {
  readonly #text: string;
  #connection: pg.Connection | undefined;
  /** pg's own reading of the socket, put aside. */
  #parse: ((bytes: Buffer) => void) | undefined;
  #failure: Error | undefined;
  #isReady = false;
  /** Whoever waits for bytes or for the end; what came meanwhile is looked up again. */
  #wake: () => void = () => undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next bytes of the connection. Throws the server's error, or why the connection was lost. */
  async read(): Promise<Buffer> {
    for (;;) {
      if (this.#failure) throw this.#failure;
      const bytes: unknown = this.#connection?.stream.read() ?? null;
      if (Buffer.isBuffer(bytes)) return bytes;
      await this.#awoken();
    }
  }

  /** Gives the connection back to pg, with the bytes that were read and are not COPY data, and waits for the end. Throws as `read`. */
  async finish(rest: Buffer): Promise<void> {
    const stream = this.#connection?.stream;
    if (!stream || !this.#parse) throw new Error('copy: finished before it began');
    stream.off('readable', this.#onReadable);
    stream.on('data', this.#parse);
    this.#parse(rest);
    // A stream that had a listener of `readable` does not flow by itself again; that it has none is known one tick later.
    process.nextTick(() => stream.resume());
    while (!this.#isReady && !this.#failure) await this.#awoken();
    if (this.#failure) throw this.#failure;
  }

  /** Makes whoever reads fail with this. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#wake();
  }

  submit(connection: pg.Connection): void {
    const { stream } = connection;
    const [parse, ...others] = stream.listeners('data');
    if (!parse || others.length > 0) throw new Error('copy: the connection is read by another one');
    this.#parse = parse as (bytes: Buffer) => void;
    this.#connection = connection;
    stream.off('data', this.#parse);
    stream.pause();
    stream.on('readable', this.#onReadable);
    connection.query(this.#text);
  }

  /** Called by pg: the server refused, or the connection is lost. */
  handleError(error: Error): void {
    this.fail(error);
  }

  /** Called by pg: the COPY is complete. */
  handleCommandComplete(): void {
    // ReadyForQuery follows.
  }

  /** Called by pg: the client takes statements again. */
  handleReadyForQuery(): void {
    this.#isReady = true;
    this.#wake();
  }

  readonly #onReadable = (): void => this.#wake();

  #awoken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
