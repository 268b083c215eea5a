import { createWriteStream, existsSync, mkdirSync, statSync, truncateSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CliSettings } from '../settings/cli-settings.js';
import { awaitReady, type Readiness } from './await-ready.js';
import { launchNode } from './launch-service.js';
import { markOf, type ProcessMark } from './running-process.js';
import type { PortBook } from './servers.js';
import { NO_SOURCES, serviceEnv, type RunMode, type SourceSettings } from './service-env.js';
import type { ServiceSpec } from './service-specs.js';
import { SupervisedProcess, type Child, type ProcessEvent } from './supervised-process.js';
import type { UpVoice } from './up-voice.js';

export interface ServiceWorld {
  readonly installRoot: string;
  readonly logs: string;
  /** What the operator's shell and `.env` say. */
  readonly given: Readonly<Record<string, string>>;
  readonly settings: CliSettings;
  readonly mode: RunMode;
  readonly ports: PortBook;
  readonly voice: UpVoice;
  /** Called whenever the set of running processes changed. */
  readonly onMarks: (marks: readonly (ProcessMark & { readonly name: string })[]) => void;
}

const STOP_GRACE_MS = 20_000;
const LARGEST_LOG = 16 * 1024 * 1024;

/** The services of one run: started in order, kept running, stopped the other way round. */
export class Services {
  readonly #world: ServiceWorld;
  readonly #running: {
    readonly spec: ServiceSpec;
    readonly process: SupervisedProcess;
    readonly address: string | undefined;
  }[] = [];
  readonly #marks = new Map<string, ProcessMark>();
  /** How databases are reached, by the services that may: known once they stand. */
  sources: SourceSettings = NO_SOURCES;

  constructor(world: ServiceWorld) {
    this.#world = world;
    mkdirSync(world.logs, { recursive: true });
  }

  isBuilt(spec: ServiceSpec): boolean {
    return existsSync(join(this.#world.installRoot, spec.entry));
  }

  addressOf(name: string): string | undefined {
    return this.#running.find(({ spec }) => spec.name === name)?.address;
  }

  async start(spec: ServiceSpec): Promise<void> {
    const { ports, voice } = this.#world;
    const port = spec.port === undefined ? undefined : await ports.give(spec.name, spec.port);
    const log = openLog(join(this.#world.logs, `${spec.name}.log`));
    const process = new SupervisedProcess({
      launch: () =>
        this.launch(spec, spec.args, port, (line) => {
          log.write(`${line}\n`);
          voice.child(spec.name, line);
        }),
      nowMs: () => performance.now(),
      random: Math.random,
      wait: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
      onEvent: (event) => this.#onEvent(spec.name, event),
    });
    this.#running.push({ spec, process, address: port === undefined ? undefined : `http://127.0.0.1:${port}` });
    process.start();
  }

  /** Runs a service's program once, with its environment: one-shot commands. */
  launch(
    spec: ServiceSpec,
    args: readonly string[],
    port: number | undefined,
    onLine: (line: string, stream: 'out' | 'err') => void,
  ): Child {
    const { installRoot, given, settings, mode } = this.#world;
    const env = serviceEnv(spec, given, settings, port, mode, this.sources);
    return launchNode({ entry: join(installRoot, spec.entry), args, env, cwd: installRoot, onLine });
  }

  /** Waits until every service is ready; gives those that are not. */
  async awaitReady(
    timeoutMs: number,
    stop: AbortSignal,
  ): Promise<readonly { readonly name: string; readonly why: string }[]> {
    const answers = await Promise.all(
      this.#running.map(async ({ spec, address }): Promise<readonly [string, Readiness]> => [
        spec.name,
        address === undefined ? { ready: true } : await awaitReady(address, timeoutMs, stop),
      ]),
    );
    return answers.flatMap(([name, answer]) => (answer.ready ? [] : [{ name, why: answer.why }]));
  }

  /** Stops them one after the other, the last started first. */
  async stop(force: AbortSignal): Promise<void> {
    for (const { process } of this.#running.toReversed()) await process.stop(STOP_GRACE_MS, force);
  }

  #onEvent(name: string, event: ProcessEvent): void {
    const { voice } = this.#world;
    if (event.kind === 'started') {
      if (event.restarts > 0) voice.say(`${name} is started again (restart ${event.restarts})`, 'warn');
      if (event.pid !== undefined) void this.#mark(name, event.pid);
    } else {
      this.#marks.delete(name);
      this.#tellMarks();
    }
    if (event.kind === 'ended') {
      voice.say(
        `${name} ${event.how}; started again in ${(event.delayMs / 1000).toFixed(1)} s (end ${event.tries} in a row)`,
        'error',
      );
    }
  }

  async #mark(name: string, pid: number): Promise<void> {
    const mark = await markOf(pid);
    if (!mark) return;
    this.#marks.set(name, mark);
    this.#tellMarks();
  }

  #tellMarks(): void {
    this.#world.onMarks([...this.#marks].map(([name, mark]) => ({ name, ...mark })));
  }
}

/** Kept beside the screen, as JSON lines; emptied at a start when it has grown large. */
function openLog(path: string): WriteStream {
  if (existsSync(path) && statSync(path).size > LARGEST_LOG) truncateSync(path);
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
  // A full disk must not end the platform: the lines still go to the screen.
  stream.on('error', () => undefined);
  return stream;
}
