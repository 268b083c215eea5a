// Node strips the types of the benchmarks by itself; the libs come built.
await import('./bench.ts');
