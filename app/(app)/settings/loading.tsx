import { Loading } from '@/components/ui/loading';

export default function SettingsLoading() {
  return <Loading what="the settings" parts={['h-8 w-40', 'h-72', 'h-96']} />;
}
