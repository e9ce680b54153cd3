import { Card } from '@/components/ui/card';
import type { PhoneView } from '@/lib/system/page-data';

/** The way here from a phone. */
export function PhoneCard({ phone }: { readonly phone: PhoneView }) {
  return (
    <Card title="On your phone">
      {phone.url === null ? (
        <p>
          {phone.why === 'no network'
            ? 'This machine has no address in a home network right now.'
            : 'Only this machine can open CommandCenter. Start it with HOST=0.0.0.0 to open it to your home network; the QR code for the phone then stands here.'}
        </p>
      ) : (
        <div className="flex flex-wrap items-center gap-4">
          <div
            role="img"
            aria-label={`QR code of ${phone.url}`}
            className="w-40 rounded-md bg-white p-1 [&>svg]:block"
            // biome-ignore lint/security/noDangerouslySetInnerHtml: the QR library drew it on our server, from our own address
            dangerouslySetInnerHTML={{ __html: phone.svg }}
          />
          <p className="min-w-0 flex-1 basis-40">
            Point its camera here, or open{' '}
            <a href={phone.url} className="wrap-anywhere font-medium text-accent">
              {phone.url}
            </a>{' '}
            in the home network.
          </p>
        </div>
      )}
    </Card>
  );
}
