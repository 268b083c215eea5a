import type { SlotState } from '../slots/replication-slot.js';
import { quoteSourceIdentifier, quoteSourceLiteral } from '../tables/quote-source-identifier.js';
import type { ServerFacts } from './read-facts.js';
import type { Examination, SourceFault } from './source-fault.js';

/** pgoutput on a standby. */
const STANDBY_SINCE = 160_000;
const RESTART = '-- then restart the server';

/** What log capture needs of server, role and slot. */
export function judgeServer(server: ServerFacts, slot: SlotState | undefined, wanted: Examination): SourceFault[] {
  const faults: SourceFault[] = [];
  const stop = (rule: SourceFault['rule'], message: string, mend?: string): void =>
    void faults.push({ rule, severity: 'stop', message, ...(mend === undefined ? {} : { mend }) });
  if (server.standby && server.version < STANDBY_SINCE)
    stop('standby', 'log capture from a standby needs PostgreSQL 16: name the primary in `connection`');
  if (!server.replication)
    stop(
      'replication-role',
      `role ${server.role} may not replicate`,
      `ALTER ROLE ${quoteSourceIdentifier(server.role)} REPLICATION;`,
    );
  if (server.walLevel !== 'logical')
    stop(
      'wal-level',
      `wal_level is ${server.walLevel}: the log does not hold what log capture reads`,
      `ALTER SYSTEM SET wal_level = 'logical'; ${RESTART}`,
    );
  // Whoever streams the slot already has a sender; it is us, or is named when the stream is opened.
  if ((slot?.activePid ?? null) === null && server.senders >= server.maxSenders)
    stop(
      'senders-exhausted',
      `all ${server.maxSenders} of max_wal_senders are in use`,
      `ALTER SYSTEM SET max_wal_senders = ${server.senders + 5}; ${RESTART}`,
    );
  return [...faults, ...judgeSlot(server, slot, wanted)];
}

function judgeSlot(server: ServerFacts, slot: SlotState | undefined, wanted: Examination): SourceFault[] {
  const name = quoteSourceLiteral(wanted.slot);
  const stop = (rule: SourceFault['rule'], message: string, mend: string): SourceFault[] => [
    { rule, severity: 'stop', message, mend },
  ];
  if (slot === undefined) {
    const full = server.slots >= server.maxSlots;
    const exhausted = full
      ? stop(
          'slots-exhausted',
          `all ${server.maxSlots} of max_replication_slots are in use`,
          `ALTER SYSTEM SET max_replication_slots = ${server.slots + 5}; ${RESTART}`,
        )
      : [];
    const missing = wanted.create
      ? []
      : stop(
          'slot-missing',
          `slot ${wanted.slot} is not there, and \`create: false\` leaves it to you`,
          `SELECT pg_create_logical_replication_slot(${name}, 'pgoutput');`,
        );
    return [...exhausted, ...missing];
  }
  if (slot.plugin === 'pgoutput' && slot.database === server.database && !slot.twoPhase) return [];
  const what =
    slot.plugin === null
      ? 'a physical one'
      : `of plugin ${slot.plugin} in database ${slot.database ?? ''}${slot.twoPhase ? ' with two_phase' : ''}`;
  return stop(
    'slot-foreign',
    `slot ${wanted.slot} is ${what}: name another one in \`log.slot\`, or drop it if nobody needs it`,
    `SELECT pg_drop_replication_slot(${name});`,
  );
}
