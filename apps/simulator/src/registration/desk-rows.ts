import type { CopyValue } from '../database/copy-rows.js';
import { Random } from '../random.js';
import { DESK_TABLE_NAMES, type DeskTable } from './desk-tables.js';
import {
  CONVERSION_ITEMS,
  FIRST_MEETING,
  guest,
  INDUSTRIES,
  OTHER_ITEMS,
  OTHER_QUESTIONS,
  payment,
  YES_NO,
} from './desk-words.js';

export interface DeskSeed {
  readonly seed: string;
  readonly events: number;
  readonly registrants: number;
  /** The last registration was before that. */
  readonly untilMs: number;
}

type Rows = Record<DeskTable, (readonly CopyValue[])[]>;

const DAY_MS = 86_400_000;
const SHOWS = [
  ['TMS', 'Annual Meeting', 'Winter'],
  ['MST', 'Materials Science & Technology', 'Fall'],
  ['WEB', 'Webinar Series', 'Spring'],
] as const;

/**
 * The desk at its beginning, the same for the same seed. Rows end with `updated_at`: the vendor's nightly import at 00:30, so that thousands
 * share one stamp. In it: registrants without an event, badges with two registrants whose answers came at different times or at the same,
 * members with several versions of one time, both spellings of the question, several payments and none.
 */
export function deskRows(seed: DeskSeed): Readonly<Rows> {
  const random = new Random(`${seed.seed}/registration`);
  const rows = Object.fromEntries(DESK_TABLE_NAMES.map((table) => [table, []])) as unknown as Rows;
  for (let id = 1; id <= seed.events; id += 1) addEvent(rows, random, id, seed.untilMs);
  const members = Math.ceil(seed.registrants / 2);
  for (let member = 1; member <= members; member += 1) addMember(rows, random, member, seed.untilMs);
  for (let id = 1; id <= seed.registrants; id += 1) addRegistrant(rows, random, id, members, seed);
  return rows;
}

export function eventCode(id: number): string {
  return `EV${String(id).padStart(3, '0')}`;
}

export function memberId(member: number): string {
  return `C${String(member).padStart(6, '0')}`;
}

function addEvent(rows: Rows, random: Random, id: number, untilMs: number): void {
  const [showCode, showName, season] = random.pick(SHOWS);
  const startMs = Math.floor(untilMs / DAY_MS) * DAY_MS + (random.below(300) - 120) * DAY_MS;
  const stamp = imported(untilMs - 200 * DAY_MS);
  const [starts, ends] = [local(startMs), local(startMs + random.between(0, 4) * DAY_MS)];
  const category = random.pick(['Conference', 'Course', null]);
  const region = random.pick(['North America', 'Europe', 'Virtual']);
  rows.event.push([
    id,
    eventCode(id),
    category,
    season,
    region,
    showCode,
    showName,
    `${showName} ${2_020 + id}`,
    starts,
    ends,
    stamp,
  ]);
  // Some events never had targets.
  if (id % 4 !== 0)
    rows.event_extended.push([eventCode(id), random.between(100, 900), `${random.between(20, 400)}000.00`, stamp]);
}

/** A version or several; some of one time, of which none is the newest. */
function addMember(rows: Rows, random: Random, member: number, untilMs: number): void {
  const versions = random.chance(0.2) ? random.between(2, 3) : 1;
  const tie = random.chance(0.5) ? untilMs - random.below(300) * DAY_MS : undefined;
  for (let n = 0; n < versions; n += 1) {
    const atMs = tie ?? untilMs - random.below(300 * DAY_MS);
    rows.constituent.push([
      rows.constituent.length + 1,
      memberId(member),
      random.pick(INDUSTRIES),
      local(atMs),
      imported(atMs),
    ]);
  }
}

function addRegistrant(rows: Rows, random: Random, id: number, members: number, { events, untilMs }: DeskSeed): void {
  const before = rows.registrant.at(-1);
  // One badge, two registrants: somebody registered twice for an event.
  const twice = before !== undefined && random.chance(0.05);
  const lost = !twice && random.chance(0.02);
  const event = twice ? Number(before[1]) : lost ? events + 1_000 : random.between(1, events);
  const badge = twice ? String(before[3]) : `B${String(id).padStart(6, '0')}`;
  const member = twice ? (before[4] ?? null) : random.chance(0.8) ? memberId(random.between(1, members)) : null;
  const code = eventCode(event);
  const atMs = untilMs - 1_000 - random.below(150 * DAY_MS);
  const stamp = imported(atMs);
  const who = guest(random);
  rows.registrant.push([
    id,
    event,
    code,
    badge,
    member,
    who.last,
    who.first,
    who.classCode,
    who.className,
    who.abstractAccepted,
    local(atMs),
    who.state,
    who.country,
    stamp,
  ]);
  const answers = random.below(4);
  // Two answers of one time, as a form sends them: only their numbers tell which came last.
  const sameTime = random.chance(0.5);
  for (let n = 0; n < answers; n += 1) {
    const question = random.pick(random.chance(0.7) ? FIRST_MEETING : OTHER_QUESTIONS);
    const answeredMs = atMs + (sameTime ? 0 : n * 60_000);
    rows.demo.push([
      rows.demo.length + 1,
      id,
      event,
      badge,
      code,
      question,
      random.pick(YES_NO),
      local(answeredMs),
      stamp,
    ]);
  }
  for (let n = random.below(3); n > 0; n -= 1) {
    const item = random.pick(random.chance(0.2) ? CONVERSION_ITEMS : OTHER_ITEMS);
    rows.event_item.push([rows.event_item.length + 1, id, event, item, stamp]);
  }
  for (let n = random.below(4); n > 0; n -= 1) {
    rows.event_payment.push([rows.event_payment.length + 1, id, payment(random), stamp]);
  }
}

/** A local time without a zone, to the second. */
function local(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
}

/** When the nightly import brought what happened at an instant. */
function imported(atMs: number): string {
  return `${new Date(Math.floor(atMs / DAY_MS) * DAY_MS + DAY_MS).toISOString().slice(0, 10)} 00:30:00+00`;
}
