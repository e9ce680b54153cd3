import { FlaskConical } from 'lucide-react';
import { Tag } from '@/components/ui/tag';

/** `share`: how much of what stands beside it comes from a model. */
export function SimulatedTag({ share = 'all' }: { share?: 'all' | 'some' }) {
  return (
    <Tag tone="model" icon={FlaskConical}>
      {share === 'all' ? 'Simulated' : 'Partly simulated'}
    </Tag>
  );
}

/** The same within a line of small print. */
export function SimulatedWord() {
  return <span className="text-model">simulated</span>;
}

/** Nothing, some or all of these readings come from a model; what was never measured does not count. */
export function simulatedShare(
  readings: readonly { readonly value: number | null; readonly simulated: boolean }[],
): 'none' | 'some' | 'all' {
  const known = readings.filter((reading) => reading.value !== null);
  const simulated = known.filter((reading) => reading.simulated).length;
  if (simulated === 0) return 'none';
  return simulated === known.length ? 'all' : 'some';
}
