import {
  crashPoints,
  RUN_EFFECTS,
  type CrashPoint as CrashPointOf,
  type EffectHook as EffectHookOf,
  type EffectRunner,
} from '@rollcall/service';

/** Every effect this service has on the world, by door, in the order in which they happen. Crash tests die before and after each of them. */
export const INGEST_EFFECTS = [
  'drop.record',
  'drop.object',
  'drop.announce',
  'drop.progress',
  'drop.seen',
  'bus.object',
  'bus.announce',
  'http.publish',
  'http.object',
  'http.announce',
  ...RUN_EFFECTS,
] as const;
export type EffectName = (typeof INGEST_EFFECTS)[number];

export type CrashPoint = CrashPointOf<EffectName>;
export type EffectHook = EffectHookOf<EffectName>;
export type IngestEffects = EffectRunner<EffectName>;

export const CRASH_POINTS: readonly CrashPoint[] = crashPoints(INGEST_EFFECTS);
