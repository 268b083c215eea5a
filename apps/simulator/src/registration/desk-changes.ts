import type { Random } from '../random.js';
import { eventCode, memberId } from './desk-rows.js';
import {
  CONVERSION_ITEMS,
  FIRST_MEETING,
  guest,
  INDUSTRIES,
  OTHER_ITEMS,
  payment,
  REG_CLASSES,
  YES_NO,
} from './desk-words.js';

export interface DeskStatement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** One transaction at the desk. */
export interface DeskChange {
  readonly kind: 'register' | 'pay' | 'answer' | 'reclass' | 'new-industry' | 'cancel' | 'retarget';
  readonly statements: readonly DeskStatement[];
}

/** How large the desk is, roughly: who is drawn and not there is passed over. */
export interface DeskSize {
  readonly events: number;
  readonly registrants: number;
}

const OFTEN: readonly DeskChange['kind'][] = ['register', 'register', 'register', 'pay', 'pay', 'answer', 'reclass'];
const SELDOM: readonly DeskChange['kind'][] = ['new-industry', 'cancel', 'retarget'];

/** What happens next at the desk. Pure but for the draws. */
export function deskChange(random: Random, size: DeskSize): DeskChange {
  const kind = random.pick(random.chance(0.8) ? OFTEN : SELDOM);
  return { kind, statements: MAKERS[kind](random, size) };
}

type Maker = (random: Random, size: DeskSize) => readonly DeskStatement[];

/** The registrant, with an answer, an item and a payment, under the number that the desk gives. */
const register: Maker = (random, { events, registrants }) => {
  const who = guest(random);
  const event = random.between(1, events);
  const member = random.chance(0.7) ? memberId(random.between(1, Math.ceil(registrants / 2))) : null;
  const badge = `B${random.digits(7)}`;
  return [
    {
      sql: `WITH r AS (
  INSERT INTO registration.registrant (id_event, event_code, badge, constituent_id, last_name, first_name, reg_class_code,
    reg_class_long_name, extra_info40, registration_date_time, state_province, country)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, date_trunc('second', localtimestamp), $10, $11) RETURNING *
), d AS (
  INSERT INTO registration.demo (id_registrant, id_event, badge, event_code, question_text, answer_text, record_status_date)
  SELECT id_registrant, id_event, badge, event_code, $12, $13, registration_date_time FROM r
), i AS (
  INSERT INTO registration.event_item (id_registrant, id_event, item_code) SELECT id_registrant, id_event, $14 FROM r
)
INSERT INTO registration.event_payment (id_registrant, amount_paid) SELECT id_registrant, $15::numeric FROM r`,
      values: [
        event,
        eventCode(event),
        badge,
        member,
        who.last,
        who.first,
        who.classCode,
        who.className,
        who.abstractAccepted,
        who.state,
        who.country,
        random.pick(FIRST_MEETING),
        random.pick(YES_NO),
        random.pick(random.chance(0.2) ? CONVERSION_ITEMS : OTHER_ITEMS),
        payment(random),
      ],
    },
  ];
};

const pay: Maker = (random, { registrants }) => [
  {
    sql: 'INSERT INTO registration.event_payment (id_registrant, amount_paid) SELECT id_registrant, $2::numeric FROM registration.registrant WHERE id_registrant = $1',
    values: [random.between(1, registrants), payment(random)],
  },
];

const answer: Maker = (random, { registrants }) => [
  {
    sql: `INSERT INTO registration.demo (id_registrant, id_event, badge, event_code, question_text, answer_text, record_status_date)
SELECT id_registrant, id_event, badge, event_code, $2, $3, date_trunc('second', localtimestamp)
FROM registration.registrant WHERE id_registrant = $1`,
    values: [random.between(1, registrants), random.pick(FIRST_MEETING), random.pick(YES_NO)],
  },
];

const reclass: Maker = (random, { registrants }) => {
  const [code, name] = random.pick(REG_CLASSES);
  return [
    {
      sql: 'UPDATE registration.registrant SET reg_class_code = $2, reg_class_long_name = $3 WHERE id_registrant = $1',
      values: [random.between(1, registrants), code, name],
    },
  ];
};

const newIndustry: Maker = (random, { registrants }) => [
  {
    sql: `UPDATE registration.constituent SET industry_description = $2, modified_date_time = date_trunc('second', localtimestamp)
WHERE constituent_id = $1`,
    values: [memberId(random.between(1, Math.ceil(registrants / 2))), random.pick(INDUSTRIES)],
  },
];

/** Gone for good: only a sweep finds out. */
const cancel: Maker = (random, { registrants }) => {
  const values = [random.between(1, registrants)];
  return ['demo', 'event_item', 'event_payment', 'registrant'].map((table) => ({
    sql: `DELETE FROM registration.${table} WHERE id_registrant = $1`,
    values,
  }));
};

const retarget: Maker = (random, { events }) => [
  {
    sql: 'UPDATE registration.event_extended SET registration_target = $2 WHERE event_code = $1',
    values: [eventCode(random.between(1, events)), random.between(100, 900)],
  },
];

const MAKERS: Readonly<Record<DeskChange['kind'], Maker>> = {
  register,
  pay,
  answer,
  reclass,
  'new-industry': newIndustry,
  cancel,
  retarget,
};
