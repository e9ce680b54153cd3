/** What was asked for cannot be done; the message says what is wrong and what may be. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
