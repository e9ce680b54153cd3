import { Loading } from '@/components/ui/loading';

export default function HistoryLoading() {
  return <Loading what="history" parts={['h-11 w-full max-w-3xl', 'h-[70rem]', 'h-40']} />;
}
