import type { MetadataRoute } from 'next';

/** What makes it an app on a phone. */
export default function manifest(): MetadataRoute.Manifest {
  return {
    name: 'CommandCenter',
    short_name: 'CommandCenter',
    description: 'Runs an off-grid home by battery voltage, and explains every decision.',
    start_url: '/',
    display: 'standalone',
    background_color: '#f3f5f8',
    theme_color: '#0a5fb4',
    icons: [
      { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
      { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
      { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ],
  };
}
