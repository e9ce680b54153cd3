/** Stands on every decision; raised whenever the same input may give another result. */
export const KERNEL_VERSION = '1';
