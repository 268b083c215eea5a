/** How a server process ended. */
export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A server that runs as a child of this process, on loopback. Disposing stops it. */
export interface EmbeddedServer extends AsyncDisposable {
  /** What a client connects with; for Postgres with user and password, so never log it. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Settles when the process has ended, asked for or not. Never rejects. */
  readonly exited: Promise<ServerExit>;
  /** Ends the process in good order; forced after `graceMs` (default 20 s). Safe to call twice. */
  stop(graceMs?: number): Promise<void>;
  /** Ends the process as a crash would (SIGKILL). For tests. */
  kill(): Promise<void>;
}
