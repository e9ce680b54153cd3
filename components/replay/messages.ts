import type { WhatIf } from '@/lib/core/replay/types';
import type { SettingsChange } from '@/lib/replay/change';

/** What a page asks its worker. A newer question makes an older one void. */
export interface Question {
  readonly run: number;
  readonly change: SettingsChange;
  /** Of the stored settings: another one means that today's have changed too. */
  readonly version: string;
}

export type Answer =
  | { readonly run: number; readonly kind: 'progress'; readonly share: number }
  | { readonly run: number; readonly kind: 'done'; readonly whatIf: WhatIf }
  /** `problem` is a sentence for the owner. */
  | { readonly run: number; readonly kind: 'failed'; readonly problem: string };
