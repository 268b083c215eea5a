import type { ReportReference } from './parsed-report.js';
import { scanSql, type SqlToken } from './sql-tokens.js';

/** The schema that reports stand in. */
export const REPORT_SCHEMA = 'report';

export interface FoundReferences {
  readonly references: readonly ReportReference[];
  /** Where `report` is used as another name for something: then `report.x` could be its column. */
  readonly aliases: readonly number[];
}

/** Where a view names other reports: `report.<name>`, in quotes or not, never in a comment or a text. */
export function findReferences(sql: string): FoundReferences {
  const { tokens } = scanSql(sql);
  const references: ReportReference[] = [];
  const aliases: number[] = [];
  tokens.forEach((token, at) => {
    if (!isName(token) || token.text !== REPORT_SCHEMA || isDot(tokens[at - 1])) return;
    const named = tokens[at + 2];
    if (isDot(tokens[at + 1]) && isName(named)) {
      references.push({ name: named.text, start: token.start, end: named.end });
    } else if (!isDot(tokens[at + 1])) {
      aliases.push(token.start);
    }
  });
  return { references, aliases };
}

function isName(token: SqlToken | undefined): token is SqlToken {
  return token?.kind === 'word' || token?.kind === 'quoted';
}

function isDot(token: SqlToken | undefined): boolean {
  return token?.kind === 'sign' && token.text === '.';
}
