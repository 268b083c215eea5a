import { describe, expect, it } from 'vitest';
import { dueAt } from './schedule.js';
import { Track } from './track.js';

const due = (track: Track): number | undefined => dueAt(track.turn(0, []));

describe('a track', () => {
  it('gives a refresh the trace of the first mark since the last one', () => {
    const track = new Track();
    track.mark(1, 'first');
    track.mark(2, 'second');
    expect(track.start(3)).toBe('first');
    track.mark(4, 'third');
    track.end(5);
    expect(track.start(6)).toBe('third');
  });

  it('is due again when it was marked while it ran', () => {
    const track = new Track();
    track.mark(1);
    track.start(2);
    track.mark(3);
    track.end(2);
    expect(due(track)).toBe(3);
  });

  it('makes ever longer pauses, and none when a load comes', () => {
    const track = new Track();
    const pauses = Array.from({ length: 8 }, () => {
      track.start(0);
      track.end(0);
      track.retryReport(0);
      return (due(track) ?? 0) / 1000;
    });
    expect(pauses).toEqual([30, 60, 120, 240, 480, 900, 900, 900]);
    expect(track.force).toBe(true);
    track.mark(7);
    expect(due(track)).toBe(0);
    track.succeeded();
    expect([track.force, track.failures]).toEqual([false, 0]);
  });
});
