import {
  crashPoints,
  RUN_EFFECTS,
  type CrashPoint as CrashPointOf,
  type EffectHook as EffectHookOf,
  type EffectRunner,
} from '@rollcall/service';

/** Every effect this service has on the world, in the order in which they happen. Crash tests die before and after each of them. */
export const EXTRACT_EFFECTS = [
  'run.tick',
  'lease.claim',
  'lease.renew',
  'publication.create',
  'publication.alter',
  'slot.create',
  'slot.drop',
  'batch.object',
  'batch.announce',
  'cursor.move',
  'slot.confirm',
  ...RUN_EFFECTS,
] as const;
export type ExtractEffect = (typeof EXTRACT_EFFECTS)[number];

export type CrashPoint = CrashPointOf<ExtractEffect>;
export type EffectHook = EffectHookOf<ExtractEffect>;
export type ExtractEffects = EffectRunner<ExtractEffect>;

export const CRASH_POINTS: readonly CrashPoint[] = crashPoints(EXTRACT_EFFECTS);
