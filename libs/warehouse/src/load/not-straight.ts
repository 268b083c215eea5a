/** Batches cannot be copied straight into raw; nothing is wrong with them. Never leaves the load. */
export class NotStraight extends Error {
  override readonly name = 'NotStraight';
}
