import { RollcallError } from '@rollcall/kernel';
import { z } from 'zod';
import { endOf } from './restart-plan.js';
import type { Child } from './supervised-process.js';
import type { DemoPart } from './state-file.js';

export const DEMO_ROWS = 40_000;
export const DEMO_EVENTS = 5_000;

/** One seed and one end of time per state folder: a demo cut short by Ctrl-C is sent again, the same, and repeats change nothing. */
export interface DemoPlan {
  readonly seed: string;
  /** ISO 8601 instant, a midnight in UTC. */
  readonly until: string;
}

export interface DemoStep {
  /** What people read while it runs. */
  readonly title: string;
  /** Arguments of the simulator's command line. */
  readonly args: readonly string[];
  /** Reads the JSON the command prints into what must arrive. */
  readonly read: (printed: unknown) => DemoPart;
}

const count = z.number().int().nonnegative();
const answersPrinted = z.object({ rows: count, distinctAnswers: count, sessions: count });
const eventsPrinted = z.object({ sent: count, distinctIds: count, malformed: count });
const YEAR_MS = 365 * 86_400_000;

/** The commands that make the demo: a year of answers in twelve files, and app events of two weeks with repeats and dirty ones. */
export function demoSteps(plan: DemoPlan): readonly DemoStep[] {
  const twoWeeksBefore = new Date(Date.parse(plan.until) - (14 / 365) * YEAR_MS).toISOString();
  return [
    {
      title: `a year of answers, about ${DEMO_ROWS} rows in 12 files, into the drops folder`,
      args: [
        'answers',
        '--rows',
        String(DEMO_ROWS),
        '--files',
        '12',
        '--over',
        '365d',
        '--until',
        plan.until,
        '--seed',
        plan.seed,
      ],
      read: (printed) => {
        const { rows, distinctAnswers, sessions } = answersPrinted.parse(printed);
        return { dataset: 'answers', via: 'drop', sent: rows, distinct: distinctAnswers, malformed: 0, sessions };
      },
    },
    {
      title: `${DEMO_EVENTS} app events over the bus`,
      args: [
        ...['events', '--total', String(DEMO_EVENTS), '--rate', 'max', '--over', '14d', '--first-at', twoWeeksBefore],
        ...['--duplicates', '1%', '--dirty', '0.2%', '--seed', plan.seed, '--target', 'bus'],
      ],
      read: (printed) => {
        const { sent, distinctIds, malformed } = eventsPrinted.parse(printed);
        return { dataset: 'app_events', via: 'bus', sent, distinct: distinctIds, malformed };
      },
    },
  ];
}

/** Starts the simulator with these arguments, handing over its output. */
export type LaunchSimulator = (args: readonly string[], onLine: (line: string, stream: 'out' | 'err') => void) => Child;

/**
 * Runs a command of the simulator to its end and gives the JSON it printed. `title`: what it was asked for, for people.
 * @throws RollcallError source/unavailable when the simulator fails or prints something else than its tally
 */
export async function askSimulator<T>(
  title: string,
  args: readonly string[],
  launch: LaunchSimulator,
  read: (printed: unknown) => T,
): Promise<T> {
  const printed: string[] = [];
  const complained: string[] = [];
  const child = launch(args, (line, stream) => (stream === 'out' ? printed : complained).push(line));
  const { code, signal } = await child.ended;
  if (code !== 0) {
    const said = complained.slice(-5).join('\n');
    throw new RollcallError('source/unavailable', `the simulator, asked for ${title}, ${endOf(code, signal)}\n${said}`);
  }
  try {
    return read(JSON.parse(printed.join('\n')));
  } catch (cause) {
    throw new RollcallError('source/unavailable', `the simulator, asked for ${title}, printed no tally`, { cause });
  }
}

/** Runs one step; throws as `askSimulator`. */
export function runDemoStep(step: DemoStep, launch: LaunchSimulator): Promise<DemoPart> {
  return askSimulator(step.title, step.args, launch, step.read);
}
