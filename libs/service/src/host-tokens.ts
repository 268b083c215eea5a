/** Injection tokens of what the host provides to every module (import of nothing needed: the host module is global). */
export const BROKER = Symbol('rollcall broker');
export const LOG = Symbol('rollcall log');
export const METRICS = Symbol('rollcall metrics');
