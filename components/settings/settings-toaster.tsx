'use client';

import { Toaster } from 'sonner';

/** Where saves are confirmed and can be undone. */
export function SettingsToaster() {
  return (
    <Toaster
      position="top-right"
      // Below both rows of links, which on a phone are as wide as a message.
      mobileOffset={{ top: '7rem' }}
      containerAriaLabel="Saves"
      duration={8000}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex w-full items-center gap-3 rounded-lg border border-line-strong bg-surface px-4 py-3 text-ink shadow-lg sm:w-96',
          content: 'min-w-0 flex-1',
          title: 'font-medium',
          description: 'text-ink-soft',
          icon: 'hidden',
          actionButton: 'min-h-9 shrink-0 rounded-md px-3 font-medium text-accent hover:bg-sunken',
          error: 'border-danger',
        },
      }}
    />
  );
}
