/** One worker in charge of one owner's site. */
export interface WorkerIdentity {
  readonly ownerId: string;
  readonly workerId: string;
}
