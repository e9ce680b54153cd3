import { Loading } from '@/components/ui/loading';

export default function DecisionsLoading() {
  return <Loading what="decisions" parts={['h-18 w-full', 'h-[50rem]']} />;
}
