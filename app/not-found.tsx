import Link from 'next/link';
import { MessagePage } from '@/components/ui/message-page';

export default function NotFoundPage() {
  return (
    <MessagePage title="There is no page here">
      <p>The address may have a typo, or the page has moved.</p>
      <p>
        <Link href="/" className="font-semibold text-accent underline underline-offset-2">
          Go to the cockpit
        </Link>
      </p>
    </MessagePage>
  );
}
