/**
 * What the texts of values rely on, as start-up options (`options` of a connection string or of pg) of every connection to a source,
 * those of replication among them. Exact floats, ISO days, instants in UTC, spans as `1 year 2 mons`, bytes in hex.
 * And no code is compiled for a query that reads a table once.
 */
export const SOURCE_SETTINGS =
  '-c DateStyle=ISO -c IntervalStyle=postgres -c TimeZone=UTC -c extra_float_digits=1 -c bytea_output=hex -c jit=off';
