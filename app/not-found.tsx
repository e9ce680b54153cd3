import { MessagePage } from '@/components/ui/message-page';
import { PageLink } from '@/components/ui/page-link';

export default function NotFoundPage() {
  return (
    <MessagePage title="There is no page here">
      <p>The address may have a typo, or the page has moved.</p>
      <p>
        <PageLink href="/" className="font-semibold text-accent underline underline-offset-2">
          Go to the cockpit
        </PageLink>
      </p>
    </MessagePage>
  );
}
