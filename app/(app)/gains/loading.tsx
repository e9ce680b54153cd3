import { Loading } from '@/components/ui/loading';

export default function GainsLoading() {
  return <Loading what="gains" parts={['h-18 w-full', 'h-64', 'h-[40rem]']} />;
}
