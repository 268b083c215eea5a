import type { CliContext } from '../cli-context.js';
import { renderLogLine } from './log-line.js';

/** How `up` and its processes speak: one line a time, prefixed for people or as JSON. */
export interface UpVoice {
  /** A line of a child's output. */
  child(service: string, line: string): void;
  /** A sentence of `up` itself. */
  say(sentence: string, level?: 'info' | 'warn' | 'error'): void;
  /** A block of the final report: shown as it is, or as one JSON line. */
  report(text: string, json: object): void;
  progress(text: string | undefined): void;
}

const SELF = 'rollcall';

/** @param names of everything that speaks, for the width of the prefix */
export function createVoice(context: CliContext, names: readonly string[], json: boolean): UpVoice {
  const speakers = [SELF, ...names];
  const nameWidth = Math.max(...speakers.map((name) => name.length));
  const { out, err, paintOut } = context;
  const render = (service: string, line: string): string =>
    renderLogLine(line, { service, index: Math.max(0, speakers.indexOf(service)), nameWidth, paint: paintOut });
  return {
    child: (service, line) => out.line(json ? line : render(service, line)),
    say(sentence, level = 'info') {
      const line = JSON.stringify({ level, time: Date.now(), service: SELF, msg: sentence });
      out.line(json ? line : render(SELF, line));
    },
    report: (text, object) => out.line(json ? JSON.stringify(object) : text),
    progress: (text) => (json ? err : out).progress(text),
  };
}
