/** What a colour means; an icon or words always say the same. */
export type Tone = 'neutral' | 'good' | 'info' | 'caution' | 'danger' | 'model';

export const TONE_CLASSES: Readonly<Record<Tone, string>> = {
  neutral: 'bg-sunken text-ink-soft',
  good: 'bg-good-soft text-good',
  info: 'bg-info-soft text-info',
  caution: 'bg-caution-soft text-caution',
  danger: 'bg-danger-soft text-danger',
  model: 'bg-model-soft text-model',
};
